// EventHub: the newest events, for all who watch live. Each event is kept once, as the bytes that
// every client gets; a client is no more than a place in the list (a cursor), so a slow one costs
// nothing and what it missed meanwhile comes as the newest state, not as a backlog:
//
//   - an event replaces the earlier one of the same thing (a monitor's row, an incident, a
//   delivery);
//   - the list holds so many events and bytes, for so long; who asks for what fell out of it is
//   told
//     to read all again (`reset`).
//
// Ids are "START-N": START is this start of the server, N counts. Pure; one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/limits.h"
#include "base/time.h"

namespace tocsin {

struct EventLimits {
  size_t events = 10'000;
  size_t bytes = 16_MiB;
  Duration age = 5min;  // how long a client may be away and miss nothing
};

class EventHub {
 public:
  // What a client may leave out; bits of a set. `reset` goes to all.
  enum Topic : uint8_t { kMonitor = 1, kIncident = 2, kAlert = 4 };
  static constexpr uint8_t kAllTopics = kMonitor | kIncident | kAlert;
  // A place between two events; grows.
  using Cursor = uint64_t;

  // `start`: letters and digits.
  explicit EventHub(std::string start, EventLimits limits = {});

  // `thing` names what the event is about; an earlier event of the same is forgotten.
  void add(Topic topic, std::string_view name, std::string_view thing, std::string_view data,
           SteadyTime now);
  // Something was missed: whoever is behind here must read all again.
  void lose_all();

  [[nodiscard]] Cursor newest() const { return newest_; }
  // Where a client goes on that has seen this id last; nothing: it must read all again.
  [[nodiscard]] std::optional<Cursor> resume(std::string_view last_event_id, SteadyTime now);
  [[nodiscard]] std::string id_of(Cursor cursor) const;

  struct Part {
    std::string text;
    Cursor cursor = 0;  // behind what `text` holds
  };
  // What follows `after`, up to and with `through`: whole events, at least one when there is one,
  // and no more once `bytes_max` is passed. The one event `reset` when some of it is lost.
  [[nodiscard]] Part read(Cursor after, Cursor through, uint8_t topics, size_t bytes_max) const;
  [[nodiscard]] Part reset() const;

 private:
  struct Event {
    Cursor number = 0;
    Topic topic = kMonitor;
    SteadyTime at{};
    std::string thing;
    std::string text;  // empty: replaced by a newer one
  };

  void replace_earlier(const std::string& thing);
  void trim(SteadyTime now);

  std::string start_;
  EventLimits limits_;
  std::deque<Event> events_;
  std::unordered_map<std::string, Cursor> newest_of_;
  Cursor newest_ = 0;
  Cursor lost_ = 0;  // events up to here may be gone for good
  size_t live_ = 0, bytes_ = 0;
};

}  // namespace tocsin
