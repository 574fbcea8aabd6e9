// The events of a dialogue: the reading rules of product.md "One attempt", point 4, from the side
// of what can happen. What follows from the bytes so far is in dialogue_state.cpp.
#include "core/dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/assert.h"
#include "core/dialogue_state.h"

namespace tocsin {

Dialogue::Dialogue(const Monitor& monitor, SteadyTime deadline)
    : state_(std::make_unique<State>(monitor, deadline)) {}
Dialogue::~Dialogue() = default;
Dialogue::Dialogue(Dialogue&&) noexcept = default;
Dialogue& Dialogue::operator=(Dialogue&&) noexcept = default;

Dialogue::Action Dialogue::start(SteadyTime now) {
  state_->event_at = now;
  return state_->finished ? state_->outcome({}) : state_->go_on(Answer::going_on, now);
}

Dialogue::Action Dialogue::on_sent(SteadyTime now) {
  State& state = *state_;
  state.event_at = now;
  if (state.finished || !state.sending) {
    return state.outcome({});
  }
  state.sending = false;
  state.sent += std::exchange(state.on_its_way, 0);
  state.clock.have_left(state.sent, state.expected.has_value() && state.waiting.empty(), now);
  state.last_sent = now;
  return state.go_on(Answer::going_on, now);
}

Dialogue::Action Dialogue::on_bytes(std::string_view bytes, SteadyTime now) {
  State& state = *state_;
  state.event_at = now;
  if (state.finished) {
    return state.outcome({});
  }
  state.keep(bytes, now);
  return state.may_judge_later() ? state.outcome({}) : state.go_on(Answer::going_on, now);
}

// Closing is an end that a peer may choose: what came is judged, and only what cannot be judged is
// cut short.
Dialogue::Action Dialogue::on_peer_closed(SteadyTime now) {
  State& state = *state_;
  state.event_at = now;
  if (state.finished) {
    return state.outcome({});
  }
  state.closed = true;
  state.transcript.note("the peer closed the connection", now);
  if (state.in_tls) {
    state.finish(ErrorCode::closed_early, "closed during the TLS handshake", Phase::tls);
    return state.outcome({});
  }
  Action action;
  state.judge(Answer::over, action, now);
  if (state.finished) {
    return state.outcome({});
  }
  const bool silent = state.received.empty() && state.must_have_bytes();
  if (!state.steps_done() || silent) {
    state.finish(ErrorCode::closed_early, fmt::format("closed after {} bytes while waiting for {}",
                                                      state.received.size(), state.waiting_for()));
  } else if (state.judges) {
    state.finish();
  } else {
    state.settle(Answer::over, action, now);
  }
  return state.outcome(std::move(action));
}

// A reset is no end of an answer: it fails what it leaves undecided. With nothing left it is a
// fact, not a failure.
Dialogue::Action Dialogue::on_reset(SteadyTime now) {
  State& state = *state_;
  state.event_at = now;
  if (state.finished) {
    return state.outcome({});
  }
  state.transcript.note("the peer reset the connection", now);
  if (state.in_tls) {
    state.finish(ErrorCode::conn_reset, "reset during the TLS handshake", Phase::tls);
    return state.outcome({});
  }
  Action unused;
  state.judge(Answer::going_on, unused, now);
  if (state.finished) {
    return state.outcome({});
  }
  if (state.steps_done() && state.undecided.empty() && (state.judges || state.all_sent())) {
    state.finish();
  } else {
    state.finish(ErrorCode::conn_reset, fmt::format("reset after {} bytes while waiting for {}",
                                                    state.received.size(), state.waiting_for()));
  }
  return state.outcome({});
}

Dialogue::Action Dialogue::on_time(SteadyTime now) {
  State& state = *state_;
  state.event_at = now;
  if (state.finished) {
    return state.outcome({});
  }
  if (now < state.deadline) {
    const Answer answer = now >= state.answer_ends() ? Answer::over : Answer::going_on;
    state.quiet_tried = state.quiet_tried || answer == Answer::over;
    return state.go_on(answer, now);
  }
  Action unused;
  state.judge(Answer::over, unused, now);
  if (state.in_tls) {
    state.finish(ErrorCode::timeout, "the TLS handshake did not end", Phase::tls);
  } else if (!state.finished) {
    const bool stuck = !state.judges && !state.all_sent();
    const bool silent = state.received.empty() && state.must_have_bytes();
    if (state.steps_done() && !stuck && !silent) {
      state.finish();
    } else {
      state.finish(ErrorCode::timeout, fmt::format("{} bytes came while waiting for {}",
                                                   state.received.size(), state.waiting_for()));
    }
  }
  return state.outcome({});
}

Dialogue::Action Dialogue::on_tls_done(SteadyTime now) {
  State& state = *state_;
  state.event_at = now;
  if (state.finished || !state.in_tls) {
    return state.outcome({});
  }
  state.in_tls = false;
  // Bytes said before the handshake may have been said by anybody: no later step is met by them.
  state.window = state.received.size();
  state.transcript.note("TLS established", now);
  state.clock.met(now);
  return state.go_on(Answer::going_on, now);
}

void Dialogue::cut(SteadyTime now) {
  if (!state_->finished) {
    state_->clock.failed(false, now);
  }
}

const std::string& Dialogue::received() const { return state_->received; }
std::string Dialogue::take_received() { return std::move(state_->received); }
uint64_t Dialogue::bytes_received() const { return state_->received.size(); }
uint64_t Dialogue::bytes_sent() const { return state_->sent; }
bool Dialogue::truncated() const { return state_->is_full(); }
bool Dialogue::peer_closed() const { return state_->closed; }
std::optional<SteadyTime> Dialogue::last_used() const {
  return state_->last_used ? std::optional(*state_->last_used - state_->own_wait) : std::nullopt;
}
std::vector<TranscriptEntry> Dialogue::take_transcript() { return state_->transcript.take(); }
std::vector<StepTime> Dialogue::take_steps() { return state_->clock.take(); }

bool Dialogue::is_needed(const Monitor& monitor) {
  return monitor.expect == Expectation::open &&
         (!monitor.request.empty() || std::ranges::any_of(monitor.assertions, is_about_data));
}

}  // namespace tocsin
