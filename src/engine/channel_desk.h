// ChannelDesk: the channels of the files beside those made over the API, joined into the one map
// that monitors name and the outbox sends by. What people change here is in force once it is
// durable, and outlives reloads and restarts; an id in both is the files'. Runs on the loop.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/monitor_table.h"
#include "model/channel.h"
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
  size_t used_by = 0;  // monitors that name it, in channels or alert.escalate
  Outbox::Counters health;
  [[nodiscard]] bool is_ui() const { return channel.project == kUiProject; }
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
  void restore(std::vector<ChannelRow> rows, const std::string& secrets_problem);
  // The channels of the files as they are now; those made over the API stay. A sentence for each of
  // these that a channel of the files hides.
  std::vector<std::string> set_files(std::map<std::string, Channel> channels);

  // The one map; the reference stays good, what is in it changes.
  [[nodiscard]] const std::map<std::string, Channel>& all() const { return all_; }
  [[nodiscard]] std::vector<ChannelView> list() const;
  [[nodiscard]] std::optional<ChannelView> find(const std::string& id) const;

  using Done = std::function<void(const Result<void>&)>;
  // Adds a channel (`seen` is 0) or replaces it as it was at version `seen`; `done` comes on the
  // loop once that is durable and in force. conflict: it is the files', is there already or was
  // changed since; busy: another change of it is under way; too_large: kUiChannelsMax; else the
  // store's error, and nothing was changed.
  void save(Channel channel, uint32_t seen, Done done);
  // The same for taking it away. conflict also while a monitor names it.
  void remove(const std::string& id, uint32_t seen, Done done);

  using Tested = std::function<void(const SendOutcome&)>;
  // Sends one `test` event now, past outbox and store; not_found comes back at once.
  Result<void> test(const std::string& id, Tested done);

 private:
  void on_sent(uint64_t token, const SendOutcome& outcome) override;
  [[nodiscard]] std::optional<Error> refuse_change(const std::string& id, uint32_t seen) const;
  void keep(ChannelRow row, Done done);
  void publish();
  [[nodiscard]] std::map<std::string, size_t> uses() const;
  [[nodiscard]] ChannelView view_of(const Channel& channel, size_t used_by) const;

  Parts parts_;
  std::map<std::string, Channel> files_;
  std::map<std::string, ChannelRow> ui_;
  std::map<std::string, Channel> all_;
  std::set<std::string> changing_;  // a change is on its way to the disk
  std::map<uint64_t, Tested> tests_;
  uint64_t last_test_ = 0;
};

}  // namespace tocsin
