// How a name becomes addresses: hosts file, cache, one shared query per name and family. Answers
// are handed over only in drive(), so that no caller is called back from inside a call of its own.
#include "probe/cares_resolver.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "probe/cares_resolver_state.h"

namespace tocsin {
namespace {

// On their way at once: small forwarders refuse more (dnsmasq: 150), and a burst overflows the
// socket of others.
constexpr size_t kQueriesMax = 128;
}  // namespace

std::optional<ResolveAnswer> CaresResolver::resolve(std::string_view name, AddressWish wish,
                                                    SteadyTime deadline, uint64_t token,
                                                    ResolveSink& sink) {
  return find_out(name, From::cache, wish, deadline, token, sink);
}

std::optional<ResolveAnswer> CaresResolver::ask_now(std::string_view name, AddressWish wish,
                                                    SteadyTime deadline, uint64_t token,
                                                    ResolveSink& sink) {
  return find_out(name, From::resolver, wish, deadline, token, sink);
}

std::optional<ResolveAnswer> CaresResolver::find_out(std::string_view written, From from,
                                                     AddressWish wish, SteadyTime deadline,
                                                     uint64_t token, ResolveSink& sink) {
  const SteadyTime now = clock_.steady_now();
  if (const std::optional<IpAddress> literal = IpAddress::parse(written)) {
    return ResolveAnswer{.addresses = {*literal}};
  }
  const std::optional<std::string> name = dns_name(written);
  if (!name) {
    return ResolveAnswer{.error = ProbeError{ErrorCode::host_not_found, Phase::dns,
                                             "this is not a name that DNS can hold"}};
  }
  if (std::optional<ResolveAnswer> answer = in_hosts(*name, wish, now)) {
    return answer;
  }
  if (from == From::cache) {
    if (std::optional<ResolveAnswer> answer = known(*name, wish, now)) {
      return answer;
    }
  }
  CHECK(!asks_.contains(token), "a token waits for one answer at a time");
  asks_.emplace(token, ResolveAsk(*name, wish, sink, now, deadline));
  for (const Family family : kFamilies) {
    if (!wishes(wish, family)) {
      continue;
    }
    const DnsReply* fresh = from == From::cache ? cache_.fresh(*name, family, now) : nullptr;
    if (fresh != nullptr) {
      asks_.at(token).replies[index_of(family)] = *fresh;
    } else {
      need(*name, family, token);
    }
  }
  start_queries();
  review(token, now);
  return std::nullopt;
}

std::optional<ResolveAnswer> CaresResolver::in_hosts(const std::string& name, AddressWish wish,
                                                     SteadyTime now) {
  const std::string_view without_dot =
      std::string_view(name).substr(0, name.size() - (name.ends_with('.') ? 1 : 0));
  if (std::vector<IpAddress> found = hosts_.lookup(without_dot, wish, now); !found.empty()) {
    return ResolveAnswer{.addresses = std::move(found)};
  }
  return std::nullopt;
}

// DNS does not know a name that the hosts file has in the other family only: it exists all the
// same.
ResolveAnswer CaresResolver::beside_hosts(ResolveAnswer answer, const std::string& name,
                                          SteadyTime now) {
  if (!answer.error || answer.error->code != ErrorCode::host_not_found) {
    return answer;
  }
  const std::optional<ResolveAnswer> there = in_hosts(name, AddressWish::both, now);
  if (there) {
    answer.error->code = ErrorCode::no_address_of_family;
    answer.error->detail = name + " is in the hosts file with " + there->addresses.front().text() +
                           " and no address of the wanted family, and DNS does not know it";
  }
  return answer;
}

// What needs no waiting: the cache, and old addresses while the resolver is known to be down.
std::optional<ResolveAnswer> CaresResolver::known(const std::string& name, AddressWish wish,
                                                  SteadyTime now) {
  FamilyReplies replies;
  for (const Family family : kFamilies) {
    if (const DnsReply* fresh = cache_.fresh(name, family, now)) {
      replies[index_of(family)] = *fresh;
    }
  }
  if (std::optional<ResolveAnswer> answer = combine(replies, name, wish, false)) {
    answer->cached = true;
    refresh_ahead(name, wish, now);
    return beside_hosts(*std::move(answer), name, now);
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

// So that no probe has to wait for a name that is asked for again and again.
void CaresResolver::refresh_ahead(const std::string& name, AddressWish wish, SteadyTime now) {
  bool is_needed = false;
  for (const Family family : kFamilies) {
    if (wishes(wish, family) && cache_.is_nearly_over(name, family, now)) {
      need(name, family, std::nullopt);
      is_needed = true;
    }
  }
  if (is_needed) {
    start_queries();
  }
}

void CaresResolver::need(const std::string& name, Family family, std::optional<uint64_t> asker) {
  const auto [query, is_new] = queries_.try_emplace(Key{name, family});
  if (asker) {
    query->second.askers.insert(*asker);
  } else {
    query->second.for_cache = true;
  }
  if (is_new) {
    waiting_.push_back(query->first);
  }
}

void CaresResolver::ask_again(uint64_t token, ResolveAsk& ask) {
  ask.again_at.reset();
  for (const Family family : kFamilies) {
    if (wishes(ask.wish, family) && !ask.replies[index_of(family)]) {
      need(ask.name, family, token);
    }
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
  const bool is_kept = !(reply.is_denial() && must_know_canary());
  if (is_kept) {
    cache_.store(key.first, key.second, reply, now);
  }
  for (const uint64_t token : query.askers) {
    ResolveAsk& ask = asks_.at(token);
    ask.unkept[index_of(key.second)] = !is_kept;
    if (reply.kind == DnsReply::Kind::silent && now < ask.deadline) {
      ask.on_silence(reply, now);
    } else {
      ask.replies[index_of(key.second)] = reply;
    }
  }
  start_queries();
  if (health_.is_life(reply)) {
    on_answered(key.first, now);
  } else if (reply.heard && health_.is_known_down()) {
    ask_canary(now, key.first, now, true);  // it may be this name alone by now
  }
  for (const uint64_t token : query.askers) {
    review(token, now);
  }
}

void CaresResolver::set_timer(uint64_t token, ResolveAsk& ask, SteadyTime at) {
  timers_.erase({ask.next_at, token});
  ask.next_at = at;
  timers_.insert({at, token});
}

// The rest is waited for as by those who wish each family.
void CaresResolver::answer_in_part(uint64_t token, ResolveAsk& ask) {
  ready_.push_back(
      {token, ask.sink, ResolveAnswer{.addresses = ask.addresses_so_far(), .partial = true}});
  ask.wish = AddressWish::each;
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
        query->second.askers.empty() && query->second.started == kNever &&
        !query->second.for_cache) {
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
  start_queries();  // those put again
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

Result<std::unique_ptr<Resolver>> make_cares_resolver(ProbeIo& io, const Clock& clock,
                                                      ResolverSettings settings) {
  Result<std::unique_ptr<CaresChannel>> channel = CaresChannel::make(io, clock, settings.servers);
  if (!channel) {
    return std::unexpected(channel.error());
  }
  return std::make_unique<CaresResolver>(clock, std::move(settings), std::move(*channel));
}

}  // namespace tocsin
