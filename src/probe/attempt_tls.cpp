// TLS of an attempt: from the files it needs to the last moment in which the server can refuse us.
#include <string>
#include <utility>

#include "base/limits.h"
#include "core/evaluate.h"
#include "probe/attempt.h"
#include "probe/probe_plan.h"

namespace tocsin {

std::optional<ProbeError> ProbeAttempt::unreadable_files() {
  if (!speaks_tls(monitor())) {
    return std::nullopt;
  }
  const auto context = tools_.tls.get(monitor().tls);
  return context ? std::nullopt : std::optional(context.error());
}

// Phase tls is the handshake and, with STARTTLS, the talk before it (product.md "One attempt" 3).
void ProbeAttempt::begin_tls(SteadyTime at) {
  state_ = State::securing;
  talk_->securing_since = talk_->dialogue ? talk_->talking_since : at;
  auto context = tools_.tls.get(monitor().tls);
  if (!context) {
    finish(at, std::move(context).error());
    return;
  }
  // A retry looks with fresh eyes, and who asks once wants to see the certificate. Behind a proxy
  // the server's address is not known, and so not whose session it is.
  const bool may_resume = !in_full_ && !request_.retry && request_.id.monitor.value != 0 &&
                          result_->remote && !monitor().proxy;
  auto session = TlsSession::make(
      *context, monitor().tls, monitor().target.host(),
      {.server = may_resume ? result_->remote->text() : "", .now = tools_.clock.system_now()});
  if (!session) {
    finish(at, std::move(session).error());
    return;
  }
  rearm();
  current_->start_tls(std::move(*session));
}

void ProbeAttempt::on_secured(Connection& connection, SteadyTime at) {
  result_->phases.tls = at - talk_->securing_since;
  result_->tls = connection.tls()->facts();
  talk_->phase_end = at;
  tell_phases(at);
  if (talk_->dialogue) {
    state_ = State::talking;
    Dialogue::Action action = talk_->dialogue->on_tls_done(at);
    if (!action.done || action.error || !begin_listening(connection)) {
      apply(std::move(action));
    }
  } else if (needs_dialogue(monitor())) {
    begin_talking(at);
  } else if (!begin_listening(connection)) {
    finish(at, std::nullopt);
  }
}

// All is said, and a server that wants to know who we are may yet refuse us: it has a second for
// that. False: there is nothing to wait for.
bool ProbeAttempt::begin_listening(const Connection& connection) {
  if (!connection.tls()->may_still_refuse_us()) {
    return false;
  }
  state_ = State::listening;
  talk_->wake_at = talk_->phase_end + kAnswerWindow;
  rearm();
  return true;
}

// It did not refuse us; how long that took is not told, as few servers say so.
void ProbeAttempt::end_listening() { finish(talk_->phase_end, std::nullopt); }

// Its alert may have been lost with the connection.
ProbeError ProbeAttempt::cut_while_listening() {
  return {ErrorCode::tls_handshake, Phase::tls,
          "the peer cut the connection" + std::string(kAskedForCertificate)};
}

void ProbeAttempt::on_tls_news(Connection& connection, SteadyTime /*at*/) {
  if (state_ == State::listening && !connection.tls()->may_still_refuse_us()) {
    end_listening();
  }
}

// Resuming was our own wish: a server that chokes on it is asked again without. False: it was not
// that.
bool ProbeAttempt::shake_hands_in_full(Connection& connection, SteadyTime at) {
  if (state_ != State::securing || in_full_ || !connection.tls()->has_offered() ||
      connection.tls()->is_established()) {
    return false;
  }
  in_full_ = true;
  current_->drop_session();
  Connection* const used = std::exchange(current_, nullptr);
  used->abandon(CloseMode::rst);
  if (held_ == nullptr) {
    held_ = used;
  } else {
    tools_.pool.give_back(*used);
  }
  talk_.reset();
  result_->sent.clear();
  result_->phases.tls.reset();
  if (monitor().ip_family != IpFamily::all) {
    addresses_.assign(1, result_->remote->ip);
  }
  begin_connecting(at);
  return true;
}

void ProbeAttempt::on_tls_error(Connection& connection, ProbeError error, SteadyTime at) {
  if (shake_hands_in_full(connection, at)) {
    return;
  }
  if (!connection.tls()->facts().subject.empty() || connection.tls()->is_established()) {
    result_->tls = connection.tls()->facts();
  }
  if (state_ == State::securing) {
    result_->phases.tls = at - talk_->securing_since;
  }
  finish(at, std::move(error));
}

}  // namespace tocsin
