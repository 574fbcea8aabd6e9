#include "api/event_stream.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/sse.h"

namespace tocsin {
namespace {

constexpr std::string_view kRetry = "retry: 3000\n\n";  // ms until a browser asks again

}  // namespace

EventStream::EventStream(std::shared_ptr<EventDesk> desk, uint8_t topics, std::string last_event_id,
                         std::function<bool()> may_go_on)
    : desk_(std::move(desk)),
      topics_(topics),
      last_event_id_(std::move(last_event_id)),
      may_go_on_(std::move(may_go_on)) {}

EventStream::~EventStream() { desk_->leave(this); }

void EventStream::on_begin(std::function<void()> wake) { desk_->enter(this, std::move(wake)); }

BodyPiece EventStream::next(SteadyTime now) {
  if (!has_greeted_) {
    return {.bytes = greet(now), .then = BodyPiece::Then::more};
  }
  // However busy the stream is: whose token was taken back must not go on reading.
  if (now >= next_check_) {
    if (!may_go_on_()) {
      return {.bytes = {}, .then = BodyPiece::Then::end};
    }
    next_check_ = now + kEventHeartbeat;
  }
  desk_->look(now);
  std::string text = read_on(now);
  if (text.empty() && now >= next_beat_) {
    text = beat(now);
  }
  if (!text.empty()) {
    return {.bytes = std::move(text), .then = BodyPiece::Then::more};
  }
  SteadyTime ask_at = std::min({next_beat_, next_check_, desk_->next_look()});
  if (cursor_ < desk_->hub().newest()) {
    ask_at = std::min(ask_at, next_flush_);
  }
  return {.bytes = {}, .then = BodyPiece::Then::wait, .ask_at = ask_at};
}

// From here on nothing is missed: a client that has read the lists after this line has it all.
std::string EventStream::greet(SteadyTime now) {
  has_greeted_ = true;
  next_beat_ = now + kEventHeartbeat;
  next_check_ = next_beat_;
  EventHub& hub = desk_->hub();
  std::string text(kRetry);
  if (const auto known = hub.resume(last_event_id_, now)) {
    cursor_ = *known;
    text += sse_point(hub.id_of(cursor_));
  } else if (last_event_id_.empty()) {
    cursor_ = hub.newest();
    text += sse_point(hub.id_of(cursor_));
  } else {
    EventHub::Part reset = hub.reset();
    cursor_ = reset.cursor;
    text += reset.text;
  }
  through_ = cursor_;
  return text;
}

std::string EventStream::read_on(SteadyTime now) {
  const EventHub& hub = desk_->hub();
  if (cursor_ >= through_) {
    if (cursor_ == hub.newest() || now < next_flush_) {
      return {};
    }
    through_ = hub.newest();
    next_flush_ = now + kEventPause;
  }
  EventHub::Part part = hub.read(cursor_, through_, topics_, kBodyPieceBytes);
  cursor_ = part.cursor;
  if (!part.text.empty()) {
    next_beat_ = now + kEventHeartbeat;
  }
  return std::move(part.text);
}

// The point too: of the topics it asked for there may have been nothing for long, and a client that
// then comes back should not be told to read all again.
std::string EventStream::beat(SteadyTime now) {
  next_beat_ = now + kEventHeartbeat;
  return std::string(kSseHeartbeat) + sse_point(desk_->hub().id_of(cursor_));
}

}  // namespace tocsin
