#include "probe/evidence_bundle.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/evidence_text.h"
#include "probe/errno_map.h"

namespace tocsin {
namespace {

// The walk goes in two halves: most hosts are nearer than this, and theirs costs half the sockets
// and packets.
constexpr uint8_t kWalkNear = 16;
// The far half begins when one of the last of the near half answered, so the way goes on.
constexpr uint8_t kWalkNearEnd = 12;
constexpr Duration kWalkFarAfter = 400ms;
// A standstill of ours in the second try puts its end off by as much (ProbeAttempt::make_up), and
// one that is begun anew with an old address takes longer. That of all addresses takes as long as
// it has dead ones, and is not waited for.
constexpr Duration kSecondTryGrace = 1s;

// A word of a router about our packet, not a trouble of our own side.
bool is_about_the_way(int error) {
  return error == EHOSTUNREACH || error == ENETUNREACH || error == EACCES || error == EPROTO ||
         error == ENOPROTOOPT || error == ECONNREFUSED || error == EHOSTDOWN;
}

}  // namespace

EvidenceBundle::EvidenceBundle(uint64_t number, EvidenceRequest request, EvidenceTools& tools,
                               SlotIndex first_slot)
    : number_(number),
      request_(std::move(request)),
      tools_(tools),
      next_slot_(first_slot),
      began_(tools.clock.steady_now()),
      ends_(began_ + kEvidenceTime),
      latest_(ends_ +
              (request_.monitor->ip_family == IpFamily::all ? Duration(0) : kSecondTryGrace)) {
  evidence_.started = tools.clock.system_now();
  awaits_second_ = request_.plan.second_try;
}

void EvidenceBundle::start() {
  if (!request_.remote || request_.remote->is_unix()) {
    return;
  }
  if (request_.plan.closed_port) {
    evidence_.closed_port =
        Knock{.to = {.ip = request_.remote->ip, .port = closed_port_beside(request_.remote->port)}};
    if (may_connect(*evidence_.closed_port)) {
      connect(evidence_.closed_port->to, Purpose::closed_port, 0, 0);
    }
  }
  Knock same{.to = *request_.remote};
  if (request_.plan.walk && may_connect(same)) {
    evidence_.walk = Walk{.to = *request_.remote};
    walk_to(1, kWalkNear);
  }
}

bool EvidenceBundle::may_connect(Knock& knock) const {
  if (auto why = tools_.reach.refuse(knock.to, request_.role)) {
    knock.answer = KnockAnswer::not_tried;
    knock.why = std::move(*why);
    return false;
  }
  return true;
}

std::optional<IpAddress> EvidenceBundle::source_for(const SocketAddress& to) const {
  const auto is_fit = [&](const IpAddress& source) { return source.family == to.ip.family; };
  if (const std::optional<IpAddress>& own = request_.monitor->source) {
    return is_fit(*own) ? own : std::nullopt;
  }
  const auto found = std::ranges::find_if(tools_.sources, is_fit);
  return found == tools_.sources.end() ? std::nullopt : std::optional(*found);
}

void EvidenceBundle::connect(const SocketAddress& to, Purpose purpose, size_t index,
                             uint8_t hop_limit) {
  const SlotIndex slot = next_slot_++;
  live_.push_back(
      {.slot = slot, .purpose = purpose, .index = index, .since = tools_.clock.steady_now()});
  tools_.io.connect(slot, to, {.source = source_for(to), .hop_limit = hop_limit});
}

void EvidenceBundle::walk_to(uint8_t from, uint8_t to) {
  for (uint8_t hop = from; hop <= to; ++hop) {
    connect(evidence_.walk->to, Purpose::hop, hop, hop);
  }
  evidence_.walk->tried = to;
}

void EvidenceBundle::knock_at(const IpAddress& ip) {
  const bool is_failed = request_.remote && request_.remote->ip == ip;
  const bool is_known =
      std::ranges::any_of(evidence_.others, [&](const Knock& knock) { return knock.to.ip == ip; });
  if (is_failed || is_known || evidence_.others.size() > kEvidenceAddressesMax) {
    return;
  }
  Knock knock{.to = {.ip = ip, .port = request_.monitor->target.port()}};
  const bool may = may_connect(knock);
  evidence_.others.push_back(std::move(knock));
  if (may) {
    connect(evidence_.others.back().to, Purpose::other, evidence_.others.size() - 1, 0);
  }
}

void EvidenceBundle::on_answer(const ResolveAnswer& answer) {
  awaits_name_ = false;
  NameNow name{.cached = answer.cached, .stale = answer.stale, .last_good = request_.last_good};
  if (answer.error) {
    name.error = answer.error->code;
  }
  const size_t count = std::min(answer.addresses.size(), kEvidenceAddressesMax);
  name.addresses.assign(answer.addresses.begin(),
                        answer.addresses.begin() + static_cast<std::ptrdiff_t>(count));
  evidence_.name = std::move(name);
  if (!request_.plan.others || tools_.clock.steady_now() >= ends_) {
    return;  // no time is left for it
  }
  if (request_.last_good) {
    knock_at(*request_.last_good);  // it may be gone from the name, and be there all the same
  }
  for (const IpAddress& ip : evidence_.name->addresses) {
    knock_at(ip);
  }
}

void EvidenceBundle::on_second_try(const Attempt& attempt) {
  awaits_second_ = false;
  SecondTry second{.verdict = attempt.evaluation.verdict,
                   .sentence = attempt.evaluation.reason,
                   .took = attempt.result.response_time};
  if (attempt.evaluation.error) {
    second.error = attempt.evaluation.error->code;
  }
  const Duration allowed = request_.monitor->timeout;
  const bool is_good = second.verdict == Verdict::passed || second.verdict == Verdict::degraded;
  if (!is_good && allowed > kSecondTryTime && second.took >= kSecondTryTime) {
    second.allowed = allowed;
    second.sentence = cut_off_sentence(second.sentence, allowed);
  }
  evidence_.second_try = std::move(second);
}

void EvidenceBundle::on_event(const IoEvent& event) {
  const auto found = std::ranges::find(live_, event.slot, &Live::slot);
  if (event.kind != IoKind::connected || found == live_.end()) {
    return;
  }
  const Live live = *found;
  live_.erase(found);
  switch (live.purpose) {
    case Purpose::closed_port:
      settle_knock(*evidence_.closed_port, live, event);
      break;
    case Purpose::other:
      settle_knock(evidence_.others[live.index], live, event);
      break;
    case Purpose::hop:
      settle_hop(live, event);
      break;
  }
  tools_.io.close(live.slot, event.error == 0 ? CloseMode::fin : CloseMode::rst);
}

void EvidenceBundle::settle_knock(Knock& knock, const Live& live, const IoEvent& event) {
  knock.took = event.at - live.since;
  knock.icmp = event.error == 0 ? std::nullopt : tools_.io.facts(live.slot).icmp;
  if (event.error == 0) {
    knock.answer = KnockAnswer::open;
  } else if (knock.icmp) {
    knock.answer = KnockAnswer::icmp;
  } else if (event.error == ECONNREFUSED) {
    knock.answer = KnockAnswer::refused;
  } else if (event.error == ETIMEDOUT) {
    knock.answer = KnockAnswer::silence;
  } else {
    knock.answer = KnockAnswer::not_tried;
    knock.why = connect_error(event.error, knock.to, std::nullopt).detail;
  }
}

// errno is the same for every ICMP kind; the error queue knows who said what.
void EvidenceBundle::settle_hop(const Live& live, const IoEvent& event) {
  Walk& walk = *evidence_.walk;
  const auto number = static_cast<uint8_t>(live.index);
  const std::optional<IcmpNotice> notice = event.error != 0 && is_about_the_way(event.error)
                                               ? tools_.io.facts(live.slot).icmp
                                               : std::nullopt;
  if (notice) {
    const Hop hop{.number = number, .notice = *notice, .took = event.at - live.since};
    walk.hops.insert(std::ranges::upper_bound(walk.hops, number, {}, &Hop::number), hop);
  } else if (event.error == 0 || event.error == ECONNREFUSED) {
    if (!walk.reached || number < *walk.reached) {
      walk.reached = number;
      walk.answer = event.error == 0 ? KnockAnswer::open : KnockAnswer::refused;
    }
  }
}

bool EvidenceBundle::wants_far_half() const {
  return evidence_.walk && !walked_far_ && !evidence_.walk->reached &&
         !evidence_.walk->hops.empty() && evidence_.walk->hops.back().number >= kWalkNearEnd;
}

void EvidenceBundle::advance(SteadyTime now) {
  if (now >= ends_) {
    give_up(now);
  } else if (wants_far_half() && now >= began_ + kWalkFarAfter) {
    walked_far_ = true;
    walk_to(kWalkNear + 1, kWalkHopsMax);
  }
}

bool EvidenceBundle::is_over(SteadyTime now) const {
  if (now >= ends_) {
    return !awaits_second_ || now >= latest_;
  }
  return live_.empty() && !awaits_name_ && !awaits_second_ && !wants_far_half();
}

SteadyTime EvidenceBundle::next_deadline() const {
  if (gave_up_) {
    return latest_;
  }
  return wants_far_half() ? std::min(ends_, began_ + kWalkFarAfter) : ends_;
}

void EvidenceBundle::give_up(SteadyTime now) {
  gave_up_ = true;
  for (const Live& live : live_) {
    if (live.purpose != Purpose::hop) {
      Knock& knock =
          live.purpose == Purpose::other ? evidence_.others[live.index] : *evidence_.closed_port;
      knock.took = now - live.since;
    }
    tools_.io.close(live.slot, CloseMode::rst);
  }
  live_.clear();
}

Evidence EvidenceBundle::finish(SteadyTime now) {
  give_up(now);
  // Beyond the port itself, and beyond whoever ended the way, the same is only said again.
  if (evidence_.walk) {
    std::vector<Hop>& hops = evidence_.walk->hops;
    const auto end = std::ranges::find_if(hops, [&](const Hop& hop) {
      return evidence_.walk->reached && hop.number >= *evidence_.walk->reached;
    });
    hops.erase(end, hops.end());
    const auto no = std::ranges::find_if(
        hops, [](const Hop& hop) { return meaning_of(hop.notice) != IcmpMeaning::time_exceeded; });
    if (no != hops.end()) {
      hops.erase(no + 1, hops.end());
    }
  }
  evidence_.took = now - began_;
  return std::move(evidence_);
}

}  // namespace tocsin
