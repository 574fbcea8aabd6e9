#include "core/dialogue_timeline.h"

#include <fmt/format.h>

#include "base/check.h"

namespace tocsin::timeline {
namespace {

constexpr SteadyTime kStart{1h};

class Player {
 public:
  Player(const Monitor& monitor, bool sends_leave_at_once)
      : dialogue_(monitor, kStart + monitor.timeout), at_once_(sends_leave_at_once) {}

  Played play(const std::vector<Event>& events) {
    obey(dialogue_.start(now_));
    for (const Event& event : events) {
      wait_until(kStart + event.at);
      if (!done_) {
        happen(event);
      }
    }
    wait_until(kNever);
    CHECK(done_, "a dialogue ends at its deadline at the latest");
    played_.done_at = now_ - kStart;
    if (const auto used = dialogue_.last_used()) {
      played_.used = *used - kStart;
    }
    played_.received = dialogue_.received();
    played_.truncated = dialogue_.truncated();
    played_.transcript = dialogue_.take_transcript();
    played_.steps = dialogue_.take_steps();
    return std::move(played_);
  }

 private:
  void wait_until(SteadyTime until) {
    while (!done_ && wake_at_ < until) {
      CHECK(wake_at_ >= now_, "a wake in the past");
      CHECK(wake_at_ > now_ || ++idle_ < 10, "the dialogue wakes and never goes on");
      now_ = wake_at_;
      obey(dialogue_.on_time(now_));
    }
    if (!done_) {
      now_ = until;
      idle_ = 0;
    }
  }

  void happen(const Event& event) {
    switch (event.kind) {
      case Event::Kind::bytes:
        return obey(dialogue_.on_bytes(event.bytes, now_));
      case Event::Kind::close:
        return obey(dialogue_.on_peer_closed(now_));
      case Event::Kind::reset:
        return obey(dialogue_.on_reset(now_));
      case Event::Kind::send_leaves:
        return obey(dialogue_.on_sent(now_));
      case Event::Kind::tls_done:
        return obey(dialogue_.on_tls_done(now_));
    }
  }

  void obey(const Dialogue::Action& action) {
    wake_at_ = action.wake_at;
    if (action.done) {
      done_ = true;
      played_.error = action.error;
      return;
    }
    if (action.start_tls) {
      played_.sent += "TLS|";
    }
    if (!action.send.empty()) {
      played_.sent += action.send + "|";
      if (at_once_) {
        obey(dialogue_.on_sent(now_));
      }
    }
  }

  Dialogue dialogue_;
  bool at_once_;
  SteadyTime now_ = kStart;
  SteadyTime wake_at_ = kNever;
  int idle_ = 0;
  bool done_ = false;
  Played played_;
};

}  // namespace

std::string Played::text() const {
  const std::string how =
      error ? fmt::format("{} in {}", error_name(error->code), phase_name(error->phase))
            : std::string("done");
  return fmt::format("{} at {}, used {}", how, duration_text(done_at),
                     used ? duration_text(*used) : "-");
}

Played play(const Monitor& monitor, const std::vector<Event>& events, bool sends_leave_at_once) {
  return Player(monitor, sends_leave_at_once).play(events);
}

}  // namespace tocsin::timeline
