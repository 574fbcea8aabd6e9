// What is said on an open connection, and how an attempt ends. The way there is in attempt.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "core/evaluate.h"
#include "probe/attempt.h"
#include "probe/errno_map.h"
#include "probe/probe_plan.h"
#include "probe/starttls.h"
#include "probe/worst_result.h"

namespace tocsin {
namespace {

constexpr size_t kSentKept = 4_KiB;  // of what we said; all of it stands in the monitor
constexpr size_t kWordsShown = 100;  // bytes of what the server said, in a message

}  // namespace

// --- data

void ProbeAttempt::begin_talking(SteadyTime at) {
  state_ = State::talking;
  talk_->talking_since = at;
  talk_->spoken = with_starttls_steps(request_.monitor);
  talk_->dialogue.emplace(*talk_->spoken, deadline());
  Connection* const connection = current_;
  apply(talk_->dialogue->start(at));
  if (current_ == connection && state_ == State::talking) {
    connection->start_reading();
  }
}

void ProbeAttempt::apply(Dialogue::Action action) {
  if (!action.send.empty() && current_ != nullptr) {
    const size_t room = kSentKept - std::min(kSentKept, result_->sent.size());
    result_->sent.append(action.send, 0, room);
    current_->write(action.send);
  }
  if (action.done) {
    std::optional<ProbeError> error = std::move(action.error);
    if (error) {
      error = in_its_phase(*std::move(error));
    }
    const bool is_timeout = error && error->code == ErrorCode::timeout;
    const SteadyTime used =
        std::max(talk_->phase_end, talk_->dialogue->last_used().value_or(talk_->phase_end));
    finish(is_timeout ? deadline() : used, std::move(error));
    return;
  }
  talk_->wake_at = action.wake_at;
  if (action.start_tls) {
    talk_->said_starttls = true;
    begin_tls(tools_.clock.steady_now());
    return;
  }
  rearm();
}

// With tls.mode starttls the dialogue begins in clear, and until the peer has agreed to TLS all of
// it is part of that phase.
bool ProbeAttempt::is_agreeing_on_tls() const {
  return monitor().tls.mode == TlsMode::starttls && !talk_->said_starttls;
}

// The dialogue knows no phase but its own. Another answer than the wanted one is a refusal of
// STARTTLS, unless the server would not even have us.
ProbeError ProbeAttempt::in_its_phase(ProbeError error) const {
  if (!is_agreeing_on_tls() || error.phase != Phase::data) {
    return error;
  }
  error.phase = Phase::tls;
  if (error.code == ErrorCode::expect_mismatch) {
    const std::string& received = talk_->dialogue->received();
    if (turns_away(starttls_protocol(monitor()), received)) {
      error.detail =
          fmt::format("{}\"{}\"", kTurnedAway, escape_for_display(received, kWordsShown));
    } else {
      error.code = ErrorCode::starttls_refused;
    }
  }
  return error;
}

void ProbeAttempt::on_sent(Connection& /*connection*/, SteadyTime at) {
  if (state_ == State::talking) {
    apply(talk_->dialogue->on_sent(at));
  }
}

void ProbeAttempt::on_bytes(Connection& connection, std::string_view bytes, SteadyTime at) {
  if (is_witness(connection)) {
    talk_->has_witness_spoken = true;
    dismiss_witness(CloseMode::fin);
    return;
  }
  if (state_ == State::tunneling) {
    follow_tunnel(connection, bytes, at);
  } else if (state_ == State::talking) {
    apply(talk_->dialogue->on_bytes(bytes, at));
  } else if (state_ == State::listening) {
    end_listening();
  }
}

void ProbeAttempt::on_ended(Connection& connection, int error, SteadyTime at) {
  if (is_witness(connection)) {
    dismiss_witness(CloseMode::rst);
    return;
  }
  if (state_ == State::tunneling) {
    finish(at, tunnel_cut(error));
    return;
  }
  if (state_ == State::listening) {
    error == 0 ? end_listening() : finish(at, cut_while_listening());
    return;
  }
  if (state_ != State::talking) {
    return;
  }
  Dialogue::Action action =
      error == 0 ? talk_->dialogue->on_peer_closed(at) : talk_->dialogue->on_reset(at);
  if (action.done && action.error) {
    // The cut itself is the evidence here: its moment is the end.
    if (error != 0 && error != ECONNRESET && error != EPIPE) {
      action.error = stream_error(error, Phase::data);
    }
    finish(at, in_its_phase(*std::move(action.error)));
    return;
  }
  result_->reset_after_verdict = error != 0;
  apply(std::move(action));
}

void ProbeAttempt::collect_dialogue(SteadyTime end) {
  Dialogue& dialogue = *talk_->dialogue;
  ProbeResult& result = *result_;
  result.bytes_received = dialogue.bytes_received();
  result.bytes_sent = dialogue.bytes_sent();
  result.received_truncated = dialogue.truncated();
  result.received = dialogue.take_received();
  result.peer_closed = dialogue.peer_closed();
  result.transcript = dialogue.take_transcript();
  result.steps = dialogue.take_steps();
  for (StepTime& step : result.steps) {
    step.at += before_its_time();
  }
  for (TranscriptEntry& entry : result.transcript) {
    entry.at += before_its_time();
  }
  const size_t implied = talk_->spoken->request.size() - monitor().request.size();
  for (size_t i = 0; i < std::min(implied, result.steps.size()); ++i) {
    result.steps[i].implied = true;
  }
  // With STARTTLS there is a phase data only when something was said or awaited after it.
  const bool is_secured = talk_->said_starttls && state_ == State::talking;
  if (is_secured ? Dialogue::is_needed(monitor()) : monitor().tls.mode != TlsMode::starttls) {
    result.phases.data =
        std::max(Duration(0), end - (is_secured ? talk_->phase_end : talk_->talking_since));
  }
}

// --- the end

void ProbeAttempt::leave_connections(bool politely) {
  for (const Live& each : live_) {
    each.connection->abandon(CloseMode::fin);
    tools_.pool.give_back(*each.connection);
  }
  live_.clear();
  dismiss_witness(CloseMode::rst);
  if (current_ != nullptr) {
    const bool talked = talk_ && talk_->dialogue;
    if (!politely) {
      current_->drop_session();
    }
    leave(*std::exchange(current_, nullptr), politely ? close_of(monitor()) : CloseMode::rst,
          politely && talked ? goodbye_of(monitor()) : "");
  }
}

void ProbeAttempt::leave(Connection& connection, CloseMode mode, std::string_view goodbye) {
  if (mode == CloseMode::fin) {
    connection.let_go(goodbye, tools_.clock.steady_now());
  } else {
    connection.abandon(mode);
    tools_.pool.give_back(connection);
  }
}

// An address that could not be tried for our own reasons might have answered: whatever the others
// did, nothing is proven, and the attempt is made anew later. True: it has been put off.
bool ProbeAttempt::is_put_off(std::optional<ProbeError>& error) {
  if (!error || error->phase != Phase::connect) {
    return false;
  }
  if (lacks_slot_ && !lack_) {
    lack_ = Lack{Shortage::destination,
                 {ErrorCode::overloaded, Phase::connect,
                  "no slot was free for the other addresses of the name"}};
  }
  if (!lack_) {
    return false;
  }
  const Lack lack = *lack_.take();
  lacks_slot_ = false;
  if (!tools_.pool.put_off(*this, lack.shortage, lack.error)) {
    error = lack.error;
    return false;
  }
  forget();
  return true;
}

void ProbeAttempt::finish(SteadyTime end, std::optional<ProbeError> error) {
  if (is_put_off(error)) {
    return;
  }
  if (auto lost = error ? lost_route(*error) : std::nullopt) {
    error = std::move(lost);
  }
  ProbeResult& result = facts();
  note_where_it_stopped(end, error.has_value());
  if (talk_ && talk_->dialogue) {
    if (error) {
      talk_->dialogue->cut(end);
    }
    collect_dialogue(end);
  }
  tell_phases(end);
  result.response_time = std::max(Duration(0), (resolved_ - started_) + (end - connecting_since_));
  result.error = std::move(error);
  result.loop_lag = lag_of_result();
  keep_a_slot_for_the_next();
  leave_connections(!result.error);
  talk_.reset();
  if (!probe_next_address()) {
    this->end();
  }
}

// Those that have a length by now and were not told before. Costs one look at a flag for the many
// attempts that nobody watches.
void ProbeAttempt::tell_phases(SteadyTime at) {
  if (!request_.tells_phases) {
    return;
  }
  const Phases& known = facts().phases;
  const std::array<std::pair<Phase, const std::optional<Duration>*>, 4> all = {
      {{Phase::dns, &known.dns},
       {Phase::connect, &known.connect},
       {Phase::tls, &known.tls},
       {Phase::data, &known.data}}};
  for (size_t i = 0; i < all.size(); ++i) {
    const auto& [phase, took] = all[i];
    const auto bit = static_cast<uint8_t>(1U << i);
    if (*took && (phases_told_ & bit) == 0) {
      phases_told_ = static_cast<uint8_t>(phases_told_ | bit);
      tools_.pool.phase_ended(*this, {.phase = phase, .at = at - started_, .took = **took});
    }
  }
}

// A phase that did not come to its end has a length too.
void ProbeAttempt::note_where_it_stopped(SteadyTime end, bool failed) {
  if (!result_->remote && !live_.empty()) {
    (monitor().proxy ? result_->proxy.emplace().address : result_->remote) =
        stop(live_.front().address);
    result_->syn_retransmits = tools_.io.facts(live_.front().connection->slot()).syn_retransmits;
  } else if (!result_->remote && address_ < addresses_.size() && probes_each_address(monitor())) {
    result_->remote = stop(address_);  // it could not even be tried
  }
  if (failed && state_ == State::tunneling) {
    result_->proxy->through = end - connecting_since_ - *result_->proxy->reached;
  }
  if (failed && (state_ == State::tunneling || (state_ == State::connecting && has_connected_))) {
    result_->phases.connect = end - connecting_since_;
  }
  if (failed && state_ == State::securing && !result_->phases.tls) {
    result_->phases.tls = end - talk_->securing_since;
  }
  if (failed && state_ == State::talking && is_agreeing_on_tls()) {
    result_->phases.tls = std::max(Duration(0), end - talk_->talking_since);
  }
}

// Of what was measured; of a timeout, what is missing of the time that the peer should have had.
Duration ProbeAttempt::lag_of_result() const {
  const bool is_timeout = result_->error && (result_->error->code == ErrorCode::timeout ||
                                             result_->error->code == ErrorCode::dns_timeout);
  return is_timeout && missing_ ? *missing_ : std::min(own_delay_.total(), result_->response_time);
}

bool ProbeAttempt::has_next_address() const {
  return probes_each_address(monitor()) && address_ + 1 < addresses_.size();
}

// The next address is probed while the last one's connection still closes politely; without a free
// slot that is cut short.
void ProbeAttempt::keep_a_slot_for_the_next() {
  if (!has_next_address() || held_ != nullptr) {
    return;
  }
  held_ = tools_.pool.spare();
  if (held_ != nullptr) {
    return;
  }
  if (current_ != nullptr) {
    held_ = std::exchange(current_, nullptr);
  } else if (!live_.empty()) {
    held_ = live_.back().connection;
    live_.pop_back();
  }
  if (held_ != nullptr) {
    held_->abandon(CloseMode::fin);
  }
}

// ip_family all: true when there is a further address, which is then being probed. None is left out
// for want of time: a pass needs them all.
bool ProbeAttempt::probe_next_address() {
  if (address_ == 0 && !has_next_address()) {
    return false;
  }
  auto failed = failed_address(*result_);
  if (before_) {
    before_->worst = worse_of(monitor(), std::move(before_->worst), std::move(*result_));
  } else {
    before_ = Before{.worst = std::move(*result_)};
  }
  if (failed) {
    before_->failed.push_back(*std::move(failed));
  }
  if (!has_next_address()) {
    *result_ = std::move(before_->worst);
    return false;
  }
  result_.reset();
  const SteadyTime now = tools_.clock.steady_now();
  own_delay_.begin(tools_.turn, now);
  own_delay_.add(dns_delay_);
  ++address_;
  time_since_ = now;
  judge_at_ = deadline();
  missing_.reset();
  grace_used_ = has_connected_ = false;
  phases_told_ = 1;  // dns, which is that of all addresses
  begin_connecting(now);
  return true;
}

void ProbeAttempt::end() {
  state_ = State::ended;
  stop_asking();
  result_->name_addresses = std::move(named_);
  if (before_) {
    result_->addresses_probed = address_ + 1;
    result_->addresses_left_out = left_out_;
    result_->failed_addresses = std::move(before_->failed);
    before_.reset();
  }
  tools_.pool.arm(*this, kNever);
  if (held_ != nullptr) {
    tools_.pool.give_back(*std::exchange(held_, nullptr));
  }
  tools_.pool.ended(*this);
}

void ProbeAttempt::forget() {
  if (state_ == State::resolving) {
    asked_->cancel(token_);
  }
  stop_asking();
  leave_connections(false);
  talk_.reset();
  result_.reset();
  request_ = ProbeRequest();
  state_ = State::ended;
  tools_.pool.arm(*this, kNever);
  if (held_ != nullptr) {
    tools_.pool.give_back(*std::exchange(held_, nullptr));
  }
}

}  // namespace tocsin
