// ChannelDesk: the channels of the files beside those made over the API, joined into the one map
// that monitors name and the outbox sends by. What people change here is in force once it is
// durable, and outlives reloads and restarts; an id in both is the files'. Runs on the loop.
//
// No alert is lost over it. A change is what waits in the outbox is sent by from then on, at once.
// A channel that monitors name stays; one that only notices wait for goes when whoever removes it
// gives them up, and each is then kept as dead, with that reason.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/monitor_table.h"
#include "model/channel.h"
#include "model/config.h"
#include "notify/outbox.h"
#include "ports/clock.h"
#include "ports/journal.h"
#include "ports/random.h"
#include "ports/sender.h"
#include "store/store.h"

namespace tocsin {

// A copy for readers. It holds secrets: whoever shows it leaves them out.
struct ChannelView {
  Channel channel;
  uint32_t version = 0;  // 0: of the files
  bool secrets_lost = false;
  std::vector<std::string> used_by;  // ids of monitors that name it, in channels or alert.escalate
  size_t waiting = 0;                // notices that are to go out by it
  Outbox::Counters health;
  [[nodiscard]] bool is_ui() const { return is_of_ui(channel); }
};

// "The channel "ops" belongs to project "shop" (shop.yaml:4): change it there."
std::string owned_sentence(const Channel& channel);

class ChannelDesk : private SendSink {
 public:
  struct Parts {
    Store& store;
    Sender& sender;
    const Clock& clock;
    Random& random;
    const Journal& journal;
    Outbox& outbox;
    const MonitorTable& monitors;
  };
  explicit ChannelDesk(Parts parts) : parts_(parts) {}
  ChannelDesk(const ChannelDesk&) = delete;
  ChannelDesk& operator=(const ChannelDesk&) = delete;
  ~ChannelDesk() override = default;

  // At the start, before the files' own.
  void restore(std::vector<ChannelRow> rows);
  // The channels of the files as they are now; those made over the API stay. A sentence for each of
  // these that a channel of the files hides.
  std::vector<std::string> set_files(std::map<std::string, Channel> channels);
  // Which channel that `config` names is there no more; empty: none. The names were checked when
  // the files were read, and a channel of the API may have gone since.
  [[nodiscard]] std::string gone_since(const Config& config) const;

  // The one map; the reference stays good, what is in it changes. One that is being removed is out
  // of it already: no monitor may name it any more.
  [[nodiscard]] const std::map<std::string, Channel>& all() const { return all_; }
  [[nodiscard]] std::vector<ChannelView> list() const;
  [[nodiscard]] std::optional<ChannelView> find(const std::string& id) const;

  using Done = std::function<void(const Result<void>&)>;
  // Adds a channel (`seen` is 0) or replaces it as it was at version `seen`; `done` comes on the
  // loop once that is durable and in force. conflict: it is the files', is there already or was
  // changed since; busy: another change of it is under way; too_large: kUiChannelsMax; else the
  // store's error, and nothing was changed.
  void save(Channel channel, uint32_t seen, Done done);
  // What becomes of the notices that wait for it.
  enum class Waiting : uint8_t { keep, give_up };
  // The same for taking it away. conflict also while a monitor names it, and with `keep` while
  // notices wait.
  void remove(const std::string& id, uint32_t seen, Waiting waiting, Done done);

  using Tested = std::function<void(const SendOutcome&)>;
  // Sends one `test` event now, past outbox and store, within kTestSendTimeout; not_found comes
  // back at once.
  Result<void> test(const std::string& id, Tested done);

 private:
  void on_sent(uint64_t token, const SendOutcome& outcome) override;
  [[nodiscard]] std::optional<Error> refuse_change(const std::string& id, uint32_t seen) const;
  void keep(ChannelRow row, Done done);
  void settle(const ChannelRow& row, const Result<void>& kept);
  void publish();
  [[nodiscard]] std::map<std::string, std::vector<std::string>> uses() const;
  [[nodiscard]] ChannelView view_of(const Channel& channel) const;

  Parts parts_;
  std::map<std::string, Channel> files_;
  std::map<std::string, ChannelRow> ui_;
  std::map<std::string, Channel> all_;
  std::set<std::string> changing_;  // a change is on its way to the disk
  std::set<std::string> leaving_;   // of these, the removals
  std::map<uint64_t, Tested> tests_;
  uint64_t last_test_ = 0;
};

}  // namespace tocsin
