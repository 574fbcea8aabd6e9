// How a name becomes addresses: hosts file, cache, one shared query per name and family. An `Ask`
// is one caller waiting for at most two families; a `Query` is one question on its way, with all
// asks that wait for it. Answers are handed over only in drive(), so that no caller is called back
// from inside a call of its own.
#include "probe/cares_resolver.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "probe/cares_channel.h"
#include "probe/dns_cache.h"
#include "probe/dns_name.h"
#include "probe/hosts_file.h"
#include "probe/resolve_ask.h"
#include "probe/resolver_health.h"

namespace tocsin {
namespace {

// On their way at once: small forwarders refuse more (dnsmasq: 150), and a burst overflows the
// socket of others.
constexpr size_t kQueriesMax = 128;
constexpr Duration kResolutionDelay =
    50ms;  // RFC 8305 section 3: how long the other family is waited for

class CaresResolver final : public Resolver {
 public:
  CaresResolver(const Clock& clock, ResolverSettings settings,
                std::unique_ptr<CaresChannel> channel)
      : clock_(clock),
        canary_(dns_name(settings.canary).value_or("")),
        hosts_(settings.hosts_file),
        health_(!canary_.empty()),
        channel_(std::move(channel)) {}

  std::optional<ResolveAnswer> resolve(std::string_view name, AddressWish wish, SteadyTime deadline,
                                       uint64_t token, ResolveSink& sink) override;
  void cancel(uint64_t token) override;
  void drive(SteadyTime now) override;
  [[nodiscard]] SteadyTime next_deadline() const override;

 private:
  using Key = std::pair<std::string, Family>;
  struct Query {
    SteadyTime started = kNever;  // kNever: waits for its turn
    std::set<uint64_t> askers;
  };
  struct Ready {
    uint64_t token = 0;
    ResolveSink* sink = nullptr;
    ResolveAnswer answer;
  };

  std::optional<ResolveAnswer> known(const std::string& name, AddressWish wish, SteadyTime now);
  void need(const std::string& name, Family family, std::optional<uint64_t> asker);
  void start_queries();
  void on_reply(const Key& key, const DnsReply& reply);
  void on_answered(SteadyTime now);
  void ask_canary(SteadyTime now);
  void on_canary_ended(const DnsReply& reply);
  void review(uint64_t token, SteadyTime now);
  void review_judged(SteadyTime now);
  void judge(uint64_t token, ResolveAsk& ask, SteadyTime now);
  [[nodiscard]] bool was_held_back(const ResolveAsk& ask) const;
  void set_timer(uint64_t token, ResolveAsk& ask, SteadyTime at);
  void answer(uint64_t token, ResolveAnswer answer);
  void drop(uint64_t token);

  const Clock& clock_;
  std::string canary_;
  HostsFile hosts_;
  DnsCache cache_;
  ResolverHealth health_;
  std::unordered_map<uint64_t, ResolveAsk> asks_;
  std::set<std::pair<SteadyTime, uint64_t>> timers_;
  std::map<Key, Query> queries_;
  std::deque<Key> waiting_;  // queries not started, because kQueriesMax are on their way
  size_t on_their_way_ = 0;
  bool starting_ = false;
  bool canary_on_its_way_ = false;
  // Asks that failed and wait to hear from the canary whose fault it is.
  std::set<uint64_t> judged_;
  std::deque<Ready> ready_;
  std::unique_ptr<CaresChannel> channel_;  // last: its end must find the rest alive
};

std::optional<ResolveAnswer> CaresResolver::resolve(std::string_view written, AddressWish wish,
                                                    SteadyTime deadline, uint64_t token,
                                                    ResolveSink& sink) {
  const SteadyTime now = clock_.steady_now();
  if (const std::optional<IpAddress> literal = IpAddress::parse(written)) {
    return ResolveAnswer{.addresses = {*literal}};
  }
  const std::optional<std::string> name = dns_name(written);
  if (!name) {
    return ResolveAnswer{.error = ProbeError{ErrorCode::host_not_found, Phase::dns,
                                             "this is not a name that DNS can hold"}};
  }
  if (std::optional<ResolveAnswer> answer = known(*name, wish, now)) {
    return answer;
  }
  CHECK(!asks_.contains(token), "a token waits for one answer at a time");
  asks_.emplace(token, ResolveAsk(*name, wish, sink, now, deadline));
  for (const Family family : kFamilies) {
    if (!wishes(wish, family)) {
      continue;
    }
    if (const DnsReply* fresh = cache_.fresh(*name, family, now)) {
      asks_.at(token).replies[index_of(family)] = *fresh;
    } else {
      need(*name, family, token);
    }
  }
  start_queries();
  review(token, now);
  return std::nullopt;
}

// What needs no question: the hosts file, the cache, and old addresses while the resolver is known
// to be down.
std::optional<ResolveAnswer> CaresResolver::known(const std::string& name, AddressWish wish,
                                                  SteadyTime now) {
  const std::string_view without_dot =
      std::string_view(name).substr(0, name.size() - (name.ends_with('.') ? 1 : 0));
  if (std::vector<IpAddress> found = hosts_.lookup(without_dot, wish, now); !found.empty()) {
    return ResolveAnswer{.addresses = std::move(found)};
  }
  FamilyReplies replies;
  for (const Family family : kFamilies) {
    if (const DnsReply* fresh = cache_.fresh(name, family, now)) {
      replies[index_of(family)] = *fresh;
    }
  }
  if (std::optional<ResolveAnswer> answer = combine(replies, name, wish)) {
    answer->cached = true;
    return answer;
  }
  if (!health_.is_known_down()) {
    return std::nullopt;
  }
  std::optional<ResolveAnswer> old = stale_answer(cache_, name, wish, now);
  if (old) {  // asked all the same: its reply is how we learn that the resolver is back
    for (const Family family : kFamilies) {
      if (wishes(wish, family)) {
        need(name, family, std::nullopt);
      }
    }
    start_queries();
  }
  return old;
}

void CaresResolver::need(const std::string& name, Family family, std::optional<uint64_t> asker) {
  const auto [query, is_new] = queries_.try_emplace(Key{name, family});
  if (asker) {
    query->second.askers.insert(*asker);
  }
  if (is_new) {
    waiting_.push_back(query->first);
  }
}

// A query may be answered before channel_->query returns (no such socket, a name refused); its
// reply must not start the next one from in there, or ten thousand of them would nest.
void CaresResolver::start_queries() {
  if (std::exchange(starting_, true)) {
    return;
  }
  while (!waiting_.empty() && on_their_way_ < kQueriesMax) {
    const Key key = waiting_.front();
    waiting_.pop_front();
    const auto query = queries_.find(key);
    if (query == queries_.end() || query->second.started != kNever) {
      continue;  // nobody waits for it any more
    }
    query->second.started = clock_.steady_now();
    ++on_their_way_;
    channel_->query(key.first, key.second,
                    [this, key](const DnsReply& reply) { on_reply(key, reply); });
  }
  starting_ = false;
}

void CaresResolver::on_reply(const Key& key, const DnsReply& reply) {
  const SteadyTime now = clock_.steady_now();
  --on_their_way_;
  const Query query = std::exchange(queries_[key], {});
  queries_.erase(key);
  cache_.store(key.first, key.second, reply, now);
  for (const uint64_t token : query.askers) {
    ResolveAsk& ask = asks_.at(token);
    if (reply.kind == DnsReply::Kind::silent && ask.asked > query.started && now < ask.deadline) {
      need(key.first, key.second, token);  // came late and had only a part of the tries
    } else {
      ask.replies[index_of(key.second)] = reply;
    }
  }
  start_queries();
  if (reply.is_useful()) {
    on_answered(now);
  }
  for (const uint64_t token : query.askers) {
    review(token, now);
  }
}

// The resolver lives: those that waited to hear whose fault their failure is hear it now.
void CaresResolver::on_answered(SteadyTime now) {
  health_.on_answer(now);
  review_judged(now);
}

void CaresResolver::ask_canary(SteadyTime now) {
  if (!health_.wants_canary(now)) {
    return;
  }
  health_.on_canary_asked(now);
  if (canary_on_its_way_) {
    return;  // c-ares still tries the last one; its answer counts as well
  }
  canary_on_its_way_ = true;
  channel_->query(canary_, Family::v4, [this](const DnsReply& reply) { on_canary_ended(reply); });
}

void CaresResolver::on_canary_ended(const DnsReply& reply) {
  canary_on_its_way_ = false;
  const SteadyTime now = clock_.steady_now();
  if (reply.is_useful()) {
    on_answered(now);
    return;
  }
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
  if (std::optional<ResolveAnswer> whole = combine(ask.replies, ask.name, ask.wish)) {
    return answer(token, std::move(*whole));
  }
  const bool over = now >= ask.deadline || ask.is_complete();
  if (std::vector<IpAddress> some = ask.addresses_so_far(); !some.empty()) {
    if (!ask.grace_ends) {
      ask.grace_ends = now + kResolutionDelay;
    }
    if (over || now >= *ask.grace_ends) {
      return answer(token, ResolveAnswer{.addresses = std::move(some)});
    }
    return set_timer(token, ask, std::min(*ask.grace_ends, ask.deadline));
  }
  if (over) {
    return judge(token, ask, now);
  }
  if (now >= ask.next_doubt) {
    ask.next_doubt = now + kDoubtAgain;
    ask_canary(now);
  }
  if (!ask.stale_tried && now >= ask.stale_at()) {
    ask.stale_tried = true;
    if (!health_.answered_lately(now)) {
      if (std::optional<ResolveAnswer> old = stale_answer(cache_, ask.name, ask.wish, now)) {
        health_.judge_down();
        return answer(token, std::move(*old));
      }
    }
  }
  const SteadyTime next =
      ask.stale_tried ? ask.next_doubt : std::min(ask.next_doubt, ask.stale_at());
  set_timer(token, ask, std::min(next, ask.deadline));
}

// Its question was never sent, because kQueriesMax others are on their way: our own limit is
// nobody's failure.
bool CaresResolver::was_held_back(const ResolveAsk& ask) const {
  return std::ranges::any_of(kFamilies, [&](Family family) {
    const auto query = queries_.find(Key{ask.name, family});
    return wishes(ask.wish, family) && query != queries_.end() && query->second.started == kNever;
  });
}

// It has failed: by the name's fault, or the resolver's?
void CaresResolver::judge(uint64_t token, ResolveAsk& ask, SteadyTime now) {
  if (was_held_back(ask)) {
    return answer(token,
                  ResolveAnswer{.error = ProbeError{ErrorCode::overloaded, Phase::dns,
                                                    "too many names wait for the resolver"}});
  }
  if (health_.answered_lately(now)) {
    return answer(token, ResolveAnswer{.error = ask.failure(now, channel_->servers())});
  }
  if (!ask.judged_by) {
    ask.judged_by = std::min(ask.deadline, now + kCanaryWait);
    ask_canary(now);
  }
  if (now < *ask.judged_by && health_.is_canary_awaited(now)) {
    judged_.insert(token);
    return set_timer(token, ask, *ask.judged_by);
  }
  health_.judge_down();
  if (std::optional<ResolveAnswer> old = stale_answer(cache_, ask.name, ask.wish, now)) {
    return answer(token, std::move(*old));
  }
  ProbeError down = ask.failure(now, channel_->servers());
  down.code = ErrorCode::resolver_down;
  answer(token, ResolveAnswer{.error = std::move(down)});
}

void CaresResolver::set_timer(uint64_t token, ResolveAsk& ask, SteadyTime at) {
  timers_.erase({ask.next_at, token});
  ask.next_at = at;
  timers_.insert({at, token});
}

void CaresResolver::answer(uint64_t token, ResolveAnswer answer) {
  ready_.push_back({token, asks_.at(token).sink, std::move(answer)});
  drop(token);
}

// Nobody waits for this ask any more. A query without askers that c-ares works on goes on: its
// reply feeds the cache.
void CaresResolver::drop(uint64_t token) {
  const auto ask = asks_.find(token);
  for (const Family family : kFamilies) {
    const auto query = queries_.find(Key{ask->second.name, family});
    if (query != queries_.end() && query->second.askers.erase(token) != 0 &&
        query->second.askers.empty() && query->second.started == kNever) {
      queries_.erase(query);
    }
  }
  timers_.erase({ask->second.next_at, token});
  judged_.erase(token);
  asks_.erase(ask);
}

void CaresResolver::cancel(uint64_t token) {
  if (asks_.contains(token)) {
    drop(token);
  }
  std::erase_if(ready_, [&](const Ready& ready) { return ready.token == token; });
}

void CaresResolver::drive(SteadyTime now) {
  channel_->drive(now);
  start_queries();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const uint64_t token = timers_.begin()->second;
    timers_.erase(timers_.begin());
    review(token, now);
  }
  // Those only that are ready now: a sink that asks again at once must not keep us here.
  for (size_t left = ready_.size(); left > 0 && !ready_.empty(); --left) {
    const Ready ready = std::move(ready_.front());
    ready_.pop_front();
    ready.sink->on_resolved(ready.token, ready.answer);
  }
}

SteadyTime CaresResolver::next_deadline() const {
  if (!ready_.empty() || (!waiting_.empty() && on_their_way_ < kQueriesMax)) {
    return SteadyTime::min();
  }
  const SteadyTime timer = timers_.empty() ? kNever : timers_.begin()->first;
  return std::min(timer, channel_->next_deadline());
}

}  // namespace

Result<std::unique_ptr<Resolver>> make_cares_resolver(ProbeIo& io, const Clock& clock,
                                                      ResolverSettings settings) {
  Result<std::unique_ptr<CaresChannel>> channel = CaresChannel::make(io, clock, settings.servers);
  if (!channel) {
    return std::unexpected(channel.error());
  }
  return std::make_unique<CaresResolver>(clock, std::move(settings), std::move(*channel));
}

}  // namespace tocsin
