// EventStream: what one client of GET events is sent: the point it begins at, then what is new, at
// most four times a second, and a line every 15 s, so that a proxy keeps the connection and we
// notice a client that is gone.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/body_source.h"
#include "api/event_desk.h"

namespace tocsin {

inline constexpr Duration kEventHeartbeat = 15s;

class EventStream final : public BodySource {
 public:
  // `last_event_id`: empty for a client that comes for the first time. `may_go_on` is asked with
  // every heartbeat: a token that was revoked meanwhile ends its streams.
  EventStream(std::shared_ptr<EventDesk> desk, uint8_t topics, std::string last_event_id,
              std::function<bool()> may_go_on);
  ~EventStream() override;
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  void on_begin(std::function<void()> wake) override;
  BodyPiece next(SteadyTime now) override;

 private:
  std::string greet(SteadyTime now);
  std::string read_on(SteadyTime now);
  std::string beat(SteadyTime now);

  std::shared_ptr<EventDesk> desk_;
  uint8_t topics_;
  std::string last_event_id_;
  std::function<bool()> may_go_on_;
  bool has_greeted_ = false;
  EventHub::Cursor cursor_ = 0;
  EventHub::Cursor through_ = 0;  // the flush under way goes so far
  SteadyTime next_flush_{}, next_beat_{}, next_check_{};
};

}  // namespace tocsin
