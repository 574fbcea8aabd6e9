// What an asker is told, and when: new addresses, old ones, or whose fault it is that there are
// none.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "probe/cares_resolver_state.h"

namespace tocsin {
namespace {

// RFC 8305 section 3: how long the other family is waited for.
constexpr Duration kResolutionDelay = 50ms;

}  // namespace

// The resolver lives: those that waited to hear whose fault their failure is hear it now.
void CaresResolver::on_answered(std::string_view name, SteadyTime now) {
  health_.on_answer(name, now);
  review_judged(now);
}

// Somebody who asked for `doubted` at `asked` doubts. Where no canary is set another name that was
// well before may stand in for it.
void CaresResolver::ask_canary(SteadyTime now, std::string_view doubted, SteadyTime asked,
                               bool may_stand_in) {
  const std::string name =
      canary_.empty() && may_stand_in ? cache_.another(doubted, stand_in_) : canary_;
  if (name.empty() || !health_.wants_canary(now, doubted, asked)) {
    return;
  }
  health_.on_canary_asked(now);
  if (canary_on_its_way_) {
    return;  // c-ares still tries the last one; its answer counts as well
  }
  query_canary(name, Family::v4);
}

void CaresResolver::query_canary(const std::string& name, Family family) {
  canary_on_its_way_ = true;
  channel_->query(name, family, [this, name, family](const DnsReply& reply) {
    on_canary_ended(name, family, reply);
  });
}

void CaresResolver::on_canary_ended(const std::string& name, Family family, const DnsReply& reply) {
  canary_on_its_way_ = false;
  const SteadyTime now = clock_.steady_now();
  if (must_know_canary() && name == canary_) {
    if (reply.kind == DnsReply::Kind::no_address && family == Family::v4) {
      return query_canary(name, Family::v6);
    }
    if (reply.is_denial()) {
      health_.on_canary_denied(now);
    } else if (reply.is_useful()) {
      health_.on_canary_found(now);
    }
  }
  if (health_.is_life(reply)) {
    on_answered(name, now);
    return;
  }
  ++stand_in_;
  health_.on_canary_failed();
  review_judged(now);
}

void CaresResolver::review_judged(SteadyTime now) {
  for (const uint64_t token : std::exchange(judged_, {})) {
    review(token, now);
  }
}

// Looks at one ask again after anything that could have changed it.
void CaresResolver::review(uint64_t token, SteadyTime now) {
  const auto found = asks_.find(token);
  if (found == asks_.end()) {
    return;
  }
  ResolveAsk& ask = found->second;
  const bool over = now >= ask.deadline || ask.is_complete();
  const bool is_doubtful = is_denied_in_part(ask.replies, ask.wish);
  if (is_doubtful && !ask.grace_ends) {
    ask.grace_ends = now + kResolutionDelay;
  }
  const bool believes_part = over || !ask.grace_ends || now >= *ask.grace_ends;
  if (auto whole = combine(ask.replies, ask.name, ask.wish, believes_part)) {
    ResolveAnswer full = beside_hosts(std::move(*whole), ask.name, now);
    if (full.error && must_know_canary()) {
      return judge_denial(token, ask, std::move(full), now);
    }
    keep_denials(ask, now);
    return answer(token, std::move(full));
  }
  if (is_doubtful) {
    return set_timer(token, ask, std::min(*ask.grace_ends, ask.deadline));
  }
  if (ask.wish == AddressWish::both && !ask.addresses_so_far().empty()) {
    if (!ask.grace_ends) {
      ask.grace_ends = now + kResolutionDelay;
    }
    if (!over && now < *ask.grace_ends) {
      return set_timer(token, ask, std::min(*ask.grace_ends, ask.deadline));
    }
    answer_in_part(token, ask);
  }
  if (now >= ask.stale_at && !ask.stale_tried && give_stale(token, ask, now)) {
    return;
  }
  if (over) {
    return judge(token, ask, now);
  }
  if (now >= ask.next_doubt) {
    ask.next_doubt = now + kDoubtAgain;
    ask_canary(now, ask.name, ask.asked, false);
  }
  if (ask.again_at && now >= *ask.again_at) {
    ask_again(token, ask);
  }
  set_timer(token, ask, ask.next_review());
}

// An old address for an asker that met silence, or a failure that is not proven to be the name's
// (RFC 8767 section 4); its question goes on, for the cache.
bool CaresResolver::give_stale(uint64_t token, ResolveAsk& ask, SteadyTime now) {
  ask.stale_tried = true;
  std::optional<ResolveAnswer> old = stale_answer(cache_, ask.name, ask.wish, now);
  if (!old || (ask.has_failure() && is_names_fault(ask, now))) {
    return false;
  }
  if (!ask.is_undelivered() && (ask.has_failure() || !health_.answered_lately(now))) {
    health_.judge_down();
  }
  for (const Family family : kFamilies) {
    const auto query = queries_.find(Key{ask.name, family});
    if (query != queries_.end() && wishes(ask.wish, family)) {
      query->second.for_cache = true;
    }
  }
  answer(token, std::move(*old));
  return true;
}

// Its question was never sent, because kQueriesMax others are on their way: our own limit is
// nobody's failure.
bool CaresResolver::was_held_back(const ResolveAsk& ask) const {
  return std::ranges::any_of(kFamilies, [&](Family family) {
    const auto query = queries_.find(Key{ask.name, family});
    return wishes(ask.wish, family) && query != queries_.end() && query->second.started == kNever;
  });
}

bool CaresResolver::is_names_fault(const ResolveAsk& ask, SteadyTime now) const {
  return !ask.is_undelivered() && health_.answered_lately(now) &&
         (ask.has_failure() ? health_.proves_failure(ask.name, ask.asked)
                            : health_.answered_since(ask.asked));
}

void CaresResolver::keep_denials(ResolveAsk& ask, SteadyTime now) {
  for (const Family family : kFamilies) {
    if (std::exchange(ask.unkept[index_of(family)], false)) {
      cache_.store(ask.name, family, *ask.replies[index_of(family)], now);
    }
  }
}

// "There is no such name", or no address: does the resolver know a name that always exists? When
// nothing is heard of that one the denial is believed, as without a canary.
void CaresResolver::judge_denial(uint64_t token, ResolveAsk& ask, ResolveAnswer denial,
                                 SteadyTime now) {
  const auto is_known = [&] {
    return health_.is_canary_denied(ask.asked) || health_.is_canary_found(ask.asked);
  };
  if (!is_known() && !ask.judged_by) {
    ask.judged_by = std::min(ask.deadline, now + kCanaryWait);
    if (!canary_on_its_way_) {
      health_.on_canary_asked(now);
      query_canary(canary_, Family::v4);
    }
  }
  if (!is_known() && canary_on_its_way_ && now < *ask.judged_by) {
    judged_.insert(token);
    return set_timer(token, ask, *ask.judged_by);
  }
  if (!health_.is_canary_denied(ask.asked)) {
    keep_denials(ask, now);
    return answer(token, std::move(denial));
  }
  health_.judge_down();
  if (std::optional<ResolveAnswer> old = stale_answer(cache_, ask.name, ask.wish, now)) {
    return answer(token, std::move(*old));
  }
  denial.error = ProbeError{
      ErrorCode::resolver_down, Phase::dns,
      fmt::format("it has no address of {}, and none of the canary {} either, a name that always "
                  "exists (asked: {})",
                  ask.name, canary_, channel_->servers())};
  answer(token, std::move(denial));
}

// It has failed: by the name's fault, or the resolver's?
void CaresResolver::judge(uint64_t token, ResolveAsk& ask, SteadyTime now) {
  if (was_held_back(ask)) {
    return answer(token,
                  ResolveAnswer{.error = ProbeError{ErrorCode::overloaded, Phase::dns,
                                                    "too many names wait for the resolver"}});
  }
  if (channel_->needs_tcp(ask.name) && !ask.is_undelivered()) {
    ask.on_undelivered(kNothingByTcp);
  }
  if (is_names_fault(ask, now)) {
    return answer(token, ResolveAnswer{.error = ask.failure(now, channel_->servers())});
  }
  if (!ask.judged_by && !ask.is_undelivered()) {
    ask.judged_by = std::min(ask.deadline, now + kCanaryWait);
    ask_canary(now, ask.name, ask.asked, ask.has_failure());
  }
  if (ask.judged_by && now < *ask.judged_by && health_.is_canary_awaited(now)) {
    judged_.insert(token);
    return set_timer(token, ask, std::min(*ask.judged_by, ask.stale_tried ? kNever : ask.stale_at));
  }
  if (!ask.is_undelivered()) {
    health_.judge_down();
  }
  if (std::optional<ResolveAnswer> old = stale_answer(cache_, ask.name, ask.wish, now)) {
    return answer(token, std::move(*old));
  }
  ProbeError down = ask.failure(now, channel_->servers());
  down.code = ErrorCode::resolver_down;
  answer(token, ResolveAnswer{.error = std::move(down)});
}

}  // namespace tocsin
