// EventDesk: between the feed of changes and the clients that watch: takes what waits, at most four
// times a second, has the rows read on the engine's loop, renders each once and wakes the clients.
// It keeps no time of its own: the clients ask when it is due. One thread, the API's.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "api/change_feed.h"
#include "api/event_hub.h"
#include "engine/views.h"

namespace tocsin {

// Clients at once; each costs a wake at every change.
inline constexpr size_t kEventClientsMax = 500;
// Between two looks at what waits, and between two flushes to one client.
inline constexpr Duration kEventPause = 250ms;
// Rows read in one look.
inline constexpr size_t kEventRowsPerLook = 250;

class EventDesk : public std::enable_shared_from_this<EventDesk> {
 public:
  using Views = std::vector<MonitorView>;
  // Has these monitors read on the loop; `done` comes later on this thread, without those that do
  // not exist. False: the loop has no time now, and `done` never comes.
  using Read =
      std::function<bool(std::vector<MonitorUid> monitors, std::function<void(Views)> done)>;

  EventDesk(ChangeFeed& feed, std::string start, Read read);

  // A client is there until leave(); `key` is any address of its own.
  void enter(const void* key, std::function<void()> wake);
  void leave(const void* key);
  [[nodiscard]] bool is_full() const { return wakes_.size() >= kEventClientsMax; }

  [[nodiscard]] EventHub& hub() { return hub_; }
  // Begins to work off what waits, when it is time.
  void look(SteadyTime now);
  // When look() should be called again; kNever: when woken.
  [[nodiscard]] SteadyTime next_look() const;
  // Something waits in the feed.
  void wake_all();

 private:
  void add_rows(const FeedChanges& changes, const Views& views, SteadyTime now);

  ChangeFeed& feed_;
  EventHub hub_;
  Read read_;
  std::map<const void*, std::function<void()>> wakes_;
  SteadyTime next_look_{};
  bool is_reading_ = false;
};

}  // namespace tocsin
