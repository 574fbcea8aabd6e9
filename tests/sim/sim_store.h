// SimStore: a store whose disk the test controls. What was made durable outlives crash(); what was
// only submitted does not, except a prefix chosen by chance, as with a real machine. Each batch is
// a transaction.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "ports/mailbox.h"
#include "sim/sim_network.h"
#include "store/store.h"

namespace tocsin::sim {

// What is on the disk; survives the Store objects of one process after another.
struct SimDisk {
  std::map<MonitorUid, MonitorRow> monitors;
  std::map<ResultId, StoredAttempt> attempts;
  std::map<ResultId, Evidence> evidence;
  std::map<std::string, Incident> incidents;
  std::map<std::string, Delivery> deliveries;
  std::vector<DeliveryAttempt> delivery_attempts;
  std::map<std::string, ChannelRow> channels;
  uint32_t clock_epoch = 0;
  std::optional<SystemTime> clock_seen;
  bool full = false;
  bool on_reserve = false;  // results are refused for want of space, all else is kept
  bool ever_full = false;   // something was refused for want of space
  void apply(const WriteBatch& batch);
};

class SimStore final : public Store {
 public:
  SimStore(SimDisk& disk, SimClock& clock, SimNetwork& network, Mailbox& mailbox)
      : disk_(disk),
        clock_(clock),
        network_(network),
        mailbox_(mailbox),
        life_(std::make_shared<bool>(true)) {}
  ~SimStore() override = default;

  // The process dies: of what was submitted and is not durable, the first `kept` batches reach the
  // disk.
  void crash(size_t kept);
  [[nodiscard]] size_t under_way() const { return under_way_.size(); }

  Result<LoadedStore> load(const TakeMonitors& take) override;
  void submit(WriteBatch batch, std::function<void(Result<void>)> on_durable) override;
  Result<std::unique_ptr<StoreReader>> reader() override;
  [[nodiscard]] StoreHealth health() const override { return {}; }
  void close() override { crash(under_way_.size()); }

 private:
  struct UnderWay {
    WriteBatch batch;
    std::function<void(Result<void>)> on_durable;
  };
  void catch_up(MonitorUid uid, MonitorState& state) const;
  void commit_next();

  static constexpr Duration kCommit = 3ms;  // a transition: gather and fsync
  static constexpr Duration kRefused = 5ms;
  SimDisk& disk_;
  SimClock& clock_;
  SimNetwork& network_;
  Mailbox& mailbox_;
  std::deque<UnderWay> under_way_;
  std::deque<WriteBatch> held_;  // refused by a full disk, written when space returns
  std::shared_ptr<bool> life_;
};

}  // namespace tocsin::sim
