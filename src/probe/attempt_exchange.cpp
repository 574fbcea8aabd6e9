// What is said on an open connection, and how an attempt ends. The way there is in attempt.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/limits.h"
#include "probe/attempt.h"
#include "probe/errno_map.h"
#include "probe/probe_plan.h"
#include "probe/starttls.h"
#include "probe/worst_result.h"

namespace tocsin {
namespace {

constexpr size_t kSentKept = 4_KiB;  // of what we said; all of it stands in the monitor

}  // namespace

// --- tls

void ProbeAttempt::begin_tls(SteadyTime at) {
  state_ = State::securing;
  securing_since_ = at;
  auto context = tools_.tls.get(monitor().tls);
  if (!context) {
    finish(at, std::move(context).error());
    return;
  }
  auto session = TlsSession::make(std::move(*context), monitor().tls, monitor().target.host());
  if (!session) {
    finish(at, std::move(session).error());
    return;
  }
  rearm();
  current_->start_tls(std::move(*session));
}

void ProbeAttempt::on_secured(Connection& connection, SteadyTime at) {
  result_.phases.tls = at - securing_since_;
  result_.tls = connection.tls()->facts();
  phase_end_ = at;
  if (dialogue_) {
    state_ = State::talking;
    apply(dialogue_->on_tls_done(at));
  } else if (needs_dialogue(monitor())) {
    begin_talking(at);
  } else {
    finish(at, std::nullopt);
  }
}

void ProbeAttempt::on_tls_error(Connection& connection, ProbeError error, SteadyTime at) {
  if (!connection.tls()->facts().subject.empty() || connection.tls()->is_established()) {
    result_.tls = connection.tls()->facts();
  }
  if (state_ == State::securing) {
    result_.phases.tls = at - securing_since_;
  }
  finish(at, std::move(error));
}

// --- data

void ProbeAttempt::begin_talking(SteadyTime at) {
  state_ = State::talking;
  talking_since_ = at;
  spoken_ = with_starttls_steps(request_.monitor);
  dialogue_.emplace(*spoken_, deadline_);
  Connection* const connection = current_;
  apply(dialogue_->start(at));
  if (current_ == connection && state_ == State::talking) {
    connection->start_reading();
  }
}

void ProbeAttempt::apply(Dialogue::Action action) {
  if (!action.send.empty() && current_ != nullptr) {
    const size_t room = kSentKept - std::min(kSentKept, result_.sent.size());
    result_.sent.append(action.send, 0, room);
    current_->write(action.send);
  }
  if (action.done) {
    std::optional<ProbeError> error = std::move(action.error);
    // Before the peer has agreed to TLS every other answer than the wanted one is a refusal of it.
    if (error && error->code == ErrorCode::expect_mismatch &&
        monitor().tls.mode == TlsMode::starttls && !said_starttls_) {
      error = ProbeError{ErrorCode::starttls_refused, Phase::tls, std::move(error->detail)};
    }
    const bool is_timeout = error && error->code == ErrorCode::timeout;
    const SteadyTime used = std::max(phase_end_, dialogue_->last_used().value_or(phase_end_));
    finish(is_timeout ? deadline_ : used, std::move(error));
    return;
  }
  wake_at_ = action.wake_at;
  if (action.start_tls) {
    said_starttls_ = true;
    begin_tls(tools_.clock.steady_now());
    return;
  }
  rearm();
}

void ProbeAttempt::on_sent(Connection& /*connection*/, SteadyTime at) {
  if (state_ == State::talking) {
    apply(dialogue_->on_sent(at));
  }
}

void ProbeAttempt::on_bytes(Connection& /*connection*/, std::string_view bytes, SteadyTime at) {
  if (state_ == State::talking) {
    apply(dialogue_->on_bytes(bytes, at));
  }
}

void ProbeAttempt::on_ended(Connection& /*connection*/, int error, SteadyTime at) {
  if (state_ != State::talking) {
    return;
  }
  Dialogue::Action action = error == 0 ? dialogue_->on_peer_closed(at) : dialogue_->on_reset(at);
  if (action.done && action.error) {
    // The cut itself is the evidence here: its moment is the end.
    if (error != 0 && error != ECONNRESET && error != EPIPE) {
      action.error = stream_error(error, Phase::data);
    }
    finish(at, std::move(action.error));
    return;
  }
  result_.reset_after_verdict = error != 0;
  apply(std::move(action));
}

void ProbeAttempt::collect_dialogue(SteadyTime end) {
  result_.received = dialogue_->received();
  result_.bytes_received = dialogue_->bytes_received();
  result_.bytes_sent = dialogue_->bytes_sent();
  result_.received_truncated = dialogue_->truncated();
  result_.peer_closed = dialogue_->peer_closed();
  result_.transcript = dialogue_->take_transcript();
  const Duration secured = said_starttls_ ? result_.phases.tls.value_or(Duration(0)) : Duration(0);
  result_.phases.data = std::max(Duration(0), end - talking_since_ - secured);
}

// --- the end

void ProbeAttempt::leave_connections(bool politely) {
  for (const Live& each : live_) {
    each.connection->abandon(CloseMode::fin);
    tools_.pool.give_back(*each.connection);
  }
  live_.clear();
  if (current_ != nullptr) {
    const bool talked = dialogue_.has_value();
    const CloseMode mode = politely ? close_of(monitor()) : CloseMode::rst;
    std::exchange(current_, nullptr)
        ->let_go(mode, politely && talked ? goodbye_of(monitor()) : "", tools_.clock.steady_now());
  }
}

void ProbeAttempt::finish(SteadyTime end, std::optional<ProbeError> error) {
  note_where_it_stopped(end, error.has_value());
  if (dialogue_) {
    collect_dialogue(end);
  }
  result_.response_time = std::max(Duration(0), (resolved_ - started_) + (end - connecting_since_));
  result_.error = std::move(error);
  keep_a_slot_for_the_next();
  leave_connections(!result_.error);
  dialogue_.reset();
  spoken_.reset();
  if (!probe_next_address()) {
    this->end();
  }
}

// A phase that did not come to its end has a length too.
void ProbeAttempt::note_where_it_stopped(SteadyTime end, bool failed) {
  if (!result_.remote && !live_.empty()) {
    result_.remote = addresses_[live_.front().address];
    result_.syn_retransmits = tools_.io.facts(live_.front().connection->slot()).syn_retransmits;
  }
  if (failed && state_ == State::connecting && has_connected_) {
    result_.phases.connect = end - connecting_since_;
  }
  if (failed && state_ == State::securing && !result_.phases.tls) {
    result_.phases.tls = end - securing_since_;
  }
}

bool ProbeAttempt::has_next_address() const {
  return monitor().ip_family == IpFamily::all && address_ + 1 < addresses_.size();
}

// The next address is probed while the last one's connection still closes politely; without a free
// slot that is cut short.
void ProbeAttempt::keep_a_slot_for_the_next() {
  if (!has_next_address() || held_ != nullptr || current_ == nullptr) {
    return;
  }
  held_ = tools_.pool.spare();
  if (held_ == nullptr) {
    held_ = std::exchange(current_, nullptr);
    held_->abandon(CloseMode::fin);
  }
}

// ip_family all: true when there is a further address, which is then being probed.
bool ProbeAttempt::probe_next_address() {
  if (address_ == 0 && !has_next_address()) {
    return false;
  }
  const SteadyTime now = tools_.clock.steady_now();
  const bool is_last = !has_next_address() || now >= deadline_;
  const ProbeResult done = result_;
  keep_worst(monitor(), worst_, std::move(result_));
  if (is_last) {
    result_ = std::move(*std::exchange(worst_, std::nullopt));
    return false;
  }
  result_ = ProbeResult();
  result_.id = done.id;
  result_.started = done.started;
  result_.scheduling_delay = done.scheduling_delay;
  result_.phases.dns = done.phases.dns;
  result_.dns_cached = done.dns_cached;
  result_.stale_dns = done.stale_dns;
  ++address_;
  said_starttls_ = has_connected_ = false;
  wake_at_ = kNever;
  begin_connecting(now);
  return true;
}

void ProbeAttempt::end() {
  state_ = State::ended;
  tools_.pool.arm(*this, kNever);
  if (held_ != nullptr) {
    tools_.pool.give_back(*std::exchange(held_, nullptr));
  }
  tools_.pool.ended(*this);
}

void ProbeAttempt::forget() {
  if (state_ == State::resolving) {
    tools_.resolver.cancel(token_);
  }
  leave_connections(false);
  dialogue_.reset();
  spoken_.reset();
  request_ = ProbeRequest();
  state_ = State::ended;
  tools_.pool.arm(*this, kNever);
  if (held_ != nullptr) {
    tools_.pool.give_back(*std::exchange(held_, nullptr));
  }
}

}  // namespace tocsin
