// The way of a probe to its target: from which address, through which proxy.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/evaluate.h"
#include "model/dns_server.h"
#include "probe/attempt.h"
#include "probe/errno_map.h"
#include "probe/probe_plan.h"

namespace tocsin {
namespace {

bool may_be_route(int error) {
  return error == ENETUNREACH || error == EHOSTUNREACH || error == EINVAL ||
         error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

}  // namespace

// Every address that somebody wrote into the monitor passes the gate, also where the packets go to
// a proxy or a resolver first. A name that a proxy looks up cannot: only the proxy knows it.
std::optional<ProbeError> ProbeAttempt::refused_way() const {
  const Target& target = monitor().target;
  for (const SocketAddress& server : monitor().resolver) {
    if (auto why = tools_.reach.refuse(server, request_.role)) {
      return ProbeError{ErrorCode::reach_denied, Phase::dns, fmt::format("the resolver: {}", *why)};
    }
  }
  if (monitor().proxy && target.literal()) {
    const SocketAddress to{.ip = *target.literal(), .port = target.port()};
    if (auto why = tools_.reach.refuse(to, request_.role)) {
      return ProbeError{ErrorCode::reach_denied, Phase::connect, std::move(*why)};
    }
  }
  const auto& literal = first_stop(monitor()).literal();
  if (!target.is_unix() && monitor().source && literal &&
      literal->family != monitor().source->family) {
    return ProbeError{ErrorCode::local_resource, Phase::connect,
                      fmt::format("the source {} is of another family than {}",
                                  monitor().source->text(), literal->text())};
  }
  return std::nullopt;
}

std::optional<IpAddress> ProbeAttempt::source_for(const SocketAddress& to) const {
  if (to.is_unix() || monitor().source) {
    return to.is_unix() ? std::nullopt : monitor().source;
  }
  const auto found = std::ranges::find(tools_.sources, to.ip.family, &IpAddress::family);
  return found == tools_.sources.end() ? std::nullopt : std::optional(*found);
}

// Where the packets go: to the target, or to the proxy.
SocketAddress ProbeAttempt::stop(size_t address) const {
  if (monitor().target.is_unix()) {
    return {.unix_path = monitor().target.unix_path()};
  }
  return {.ip = addresses_[address], .port = first_stop(monitor()).port()};
}

ProbeError ProbeAttempt::connect_failure(const Live& live, int error,
                                         const KernelFacts& facts) const {
  const SocketAddress to = stop(live.address);
  const std::optional<IpAddress> source = source_for(to);
  if (error == kNoSuchSource && source) {
    return {ErrorCode::local_resource, Phase::connect,
            fmt::format("{}{}", kNoSource, source->text())};
  }
  // Of this machine's own services it is the service's host that speaks.
  const auto local = facts.icmp ? tools_.io.local_address(live.connection->slot()) : std::nullopt;
  if (local && local->ip == facts.icmp->from && local->ip != to.ip) {
    return own_word(to, *facts.icmp, tools_.io.first_router(to, source));
  }
  if (!to.is_unix() && !facts.icmp && may_be_route(error) &&
      (error == EAFNOSUPPORT || tools_.io.route_error(to, source) == error)) {
    return no_route(to, error);
  }
  return connect_error(error, to, facts.icmp);
}

// A family to which this machine knows no way at all is left out, as by everybody who connects
// there. One address without a route, where others of its family have one, might have answered.
AddressRace::Failure ProbeAttempt::lost_race() const {
  const auto has_no_route = [](const AddressRace::Failure& each) {
    return each.error.code == ErrorCode::self_offline;
  };
  for (const AddressRace::Failure& each : race_.failures()) {
    const auto has_way = [&](const AddressRace::Failure& other) {
      return !has_no_route(other) &&
             addresses_[other.address].family == addresses_[each.address].family;
    };
    if (has_no_route(each) && std::ranges::any_of(race_.failures(), has_way)) {
      return each;
    }
  }
  return race_.telling_failure();
}

// Once a connect is under way the kernel says nothing of a route that goes: it sends again and
// again, and all that is seen is silence. So it is while it looks for the first router, for 3 s.
std::optional<ProbeError> ProbeAttempt::lost_route(const ProbeError& error) const {
  using enum ErrorCode;
  const bool is_in_doubt =
      error.code == timeout || error.code == network_unreachable || error.code == host_unreachable;
  if (!is_in_doubt || error.phase == Phase::dns) {
    return std::nullopt;
  }
  std::vector<SocketAddress> asked;
  asked.reserve(live_.size() + 1);
  for (const Live& each : live_) {
    asked.push_back(stop(each.address));
  }
  if (asked.empty() && result_) {
    const auto& stop =
        monitor().proxy && result_->proxy ? result_->proxy->address : result_->remote;
    if (stop) {
      asked.push_back(*stop);
    }
  }
  for (const SocketAddress& to : asked) {
    if (const int why = tools_.io.route_error(to, source_for(to)); why != 0) {
      return no_route(to, why);
    }
    const auto router = tools_.io.first_router(to, source_for(to));
    if (router && router->is_silent) {
      return silent_router(to, router->ip);
    }
  }
  return std::nullopt;
}

ProbeError ProbeAttempt::on_the_way(ProbeError error) const {
  if (!monitor().proxy || state_ == State::securing || state_ == State::talking) {
    return error;
  }
  const bool is_ours = error_info(error.code).side == ErrorSide::ours;
  if (state_ == State::tunneling || is_ours) {
    return error;
  }
  const std::string why =
      error.detail.empty() ? std::string(error_info(error.code).sentence) : std::move(error.detail);
  return {ErrorCode::proxy_failed, error.phase,
          fmt::format("the proxy {} cannot be reached: {}", first_stop(monitor()).text(), why)};
}

// --- through the proxy

void ProbeAttempt::begin_tunnel(Live winner, SteadyTime at) {
  state_ = State::tunneling;
  facts().proxy = ProxyFacts{.address = stop(winner.address), .reached = at - connecting_since_};
  talk_ = Talk{.tunnel = ProxyTalk::make(*monitor().proxy, monitor().target)};
  if (!talk_->tunnel->question_to_itself().empty()) {
    talk_->wake_at = std::max(at, deadline() - monitor().timeout / 2);
  }
  rearm();
  current_->write(talk_->tunnel->start());
  current_->start_reading();
}

void ProbeAttempt::follow_tunnel(Connection& connection, std::string_view bytes, SteadyTime at) {
  ProxyTalk::Step step = talk_->tunnel->on_bytes(bytes);
  if (!step.send.empty()) {
    connection.write(step.send);
  }
  if (step.error) {
    finish(at, std::move(step.error));
  } else if (step.is_through) {
    through(bytes.substr(step.used), at);
  }
}

// `rest` came behind the proxy's answer: the first words of the target.
void ProbeAttempt::through(std::string_view rest, SteadyTime at) {
  result_->proxy->through = at - connecting_since_ - *result_->proxy->reached;
  dismiss_witness(CloseMode::rst);
  talk_.reset();
  Connection* const connection = current_;
  if (!rest.empty() && needs_tls(monitor())) {
    finish(at, ProbeError{ErrorCode::tls_handshake, Phase::tls,
                          "the server spoke before the handshake: it does not speak TLS at once"});
    return;
  }
  const std::string first(rest);  // it lies where the next bytes are read to
  go_on_connected(at);
  if (!first.empty() && current_ == connection && state_ == State::talking) {
    on_bytes(*connection, first, at);
  }
}

// It went away before it had said how it went on.
ProbeError ProbeAttempt::tunnel_cut(int error) const {
  return {ErrorCode::proxy_failed, Phase::connect,
          fmt::format("the proxy {} {}{}", result_->proxy->address->text(),
                      error == 0 ? "closed" : "reset", kBeforeItsAnswer)};
}

// It took the connection, and it is not known who is silent behind it. One that answers for itself
// meanwhile works, so that the silence is the target's; of all others nothing is known.
ProbeError ProbeAttempt::tunnel_silence() const {
  const std::string within = duration_text(monitor().timeout);
  if (talk_->has_witness_spoken) {
    return {ErrorCode::timeout, Phase::connect,
            fmt::format("no answer within {}, though the proxy itself answers", within)};
  }
  if (talk_->tunnel->is_about_target()) {
    return {ErrorCode::timeout, Phase::connect,
            fmt::format("the proxy gave no answer within {}", within)};
  }
  return {ErrorCode::proxy_failed, Phase::connect,
          fmt::format("{}{}{}", kProxySilent, within,
                      talk_->witness == nullptr ? "" : ", nor when it was asked for itself")};
}

bool ProbeAttempt::is_witness(const Connection& connection) const {
  return talk_ && talk_->witness == &connection;
}

// Half the time is over without a word.
void ProbeAttempt::ask_proxy_itself() {
  talk_->wake_at = kNever;
  const SocketAddress to = *result_->proxy->address;
  if (!talk_->tunnel->is_about_target()) {
    talk_->witness = tools_.pool.spare();
  }
  if (talk_->witness != nullptr) {
    talk_->witness->open(*this, to, {.accept_less = false, .source = source_for(to)});
  }
  rearm();
}

void ProbeAttempt::dismiss_witness(CloseMode mode) {
  if (talk_ && talk_->witness != nullptr) {
    leave(*std::exchange(talk_->witness, nullptr), mode, "");
  }
}

// --- each address

// Looking the name up is part of the first one's time, and of the response time of all.
Duration ProbeAttempt::before_its_time() const {
  return address_ == 0 ? Duration(0) : resolved_ - started_;
}

// Of our own, within the time that is over at the deadline.
Duration ProbeAttempt::delay_of_timeout() const {
  return own_delay_.total() - (address_ == 0 ? Duration(0) : dns_delay_);
}

std::optional<FailedAddress> ProbeAttempt::failed_address(const ProbeResult& result) const {
  const Evaluation evaluation = evaluate(monitor(), result);
  if (evaluation.verdict == Verdict::passed || !result.remote) {
    return std::nullopt;
  }
  return FailedAddress{.address = *result.remote,
                       .code = evaluation.error ? evaluation.error->code : ErrorCode::too_slow,
                       .response_time = result.response_time};
}

}  // namespace tocsin
