// The inside of make_cares_resolver: cares_resolver.cpp asks, cares_resolver_judge.cpp decides what
// an asker is told. An `Ask` is one caller waiting for at most two families; a `Query` is one
// question on its way, with all asks that wait for it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "probe/cares_channel.h"
#include "probe/cares_resolver.h"
#include "probe/dns_cache.h"
#include "probe/dns_name.h"
#include "probe/hosts_file.h"
#include "probe/resolve_ask.h"
#include "probe/resolver_health.h"

namespace tocsin {

class CaresResolver final : public Resolver {
 public:
  CaresResolver(const Clock& clock, ResolverSettings settings,
                std::unique_ptr<CaresChannel> channel)
      : clock_(clock),
        canary_(dns_name(settings.canary).value_or("")),
        hosts_(std::move(settings.hosts_file)),
        is_monitors_(settings.is_monitors),
        health_(settings.is_monitors),
        channel_(std::move(channel)) {}

  std::optional<ResolveAnswer> resolve(std::string_view name, AddressWish wish, SteadyTime deadline,
                                       uint64_t token, ResolveSink& sink) override;
  std::optional<ResolveAnswer> ask_now(std::string_view name, AddressWish wish, SteadyTime deadline,
                                       uint64_t token, ResolveSink& sink) override;
  [[nodiscard]] bool is_asked() const override { return !asks_.empty() || !ready_.empty(); }
  void cancel(uint64_t token) override;
  void drive(SteadyTime now) override;
  [[nodiscard]] SteadyTime next_deadline() const override;

 private:
  using Key = std::pair<std::string, Family>;
  struct Query {
    SteadyTime started = kNever;  // kNever: waits for its turn
    std::set<uint64_t> askers;
    bool for_cache = false;  // wanted even when nobody waits for it
  };
  struct Ready {
    uint64_t token = 0;
    ResolveSink* sink = nullptr;
    ResolveAnswer answer;
  };

  enum class From : uint8_t { cache, resolver };

  std::optional<ResolveAnswer> find_out(std::string_view written, From from, AddressWish wish,
                                        SteadyTime deadline, uint64_t token, ResolveSink& sink);
  std::optional<ResolveAnswer> in_hosts(const std::string& name, AddressWish wish, SteadyTime now);
  ResolveAnswer beside_hosts(ResolveAnswer answer, const std::string& name, SteadyTime now);
  std::optional<ResolveAnswer> known(const std::string& name, AddressWish wish, SteadyTime now);
  void refresh_ahead(const std::string& name, AddressWish wish, SteadyTime now);
  void need(const std::string& name, Family family, std::optional<uint64_t> asker);
  void ask_again(uint64_t token, ResolveAsk& ask);
  void start_queries();
  void on_reply(const Key& key, const DnsReply& reply);
  void on_answered(std::string_view name, SteadyTime now);
  void ask_canary(SteadyTime now, std::string_view doubted, SteadyTime asked, bool may_stand_in);
  void on_canary_ended(const std::string& name, Family family, const DnsReply& reply);
  void review(uint64_t token, SteadyTime now);
  void review_judged(SteadyTime now);
  bool give_stale(uint64_t token, ResolveAsk& ask, SteadyTime now);
  void judge(uint64_t token, ResolveAsk& ask, SteadyTime now);
  // A denial is believed only of a resolver that knows the canary.
  [[nodiscard]] bool must_know_canary() const { return !canary_.empty() && !is_monitors_; }
  void keep_denials(ResolveAsk& ask, SteadyTime now);
  void judge_denial(uint64_t token, ResolveAsk& ask, ResolveAnswer denial, SteadyTime now);
  void query_canary(const std::string& name, Family family);
  [[nodiscard]] bool is_names_fault(const ResolveAsk& ask, SteadyTime now) const;
  [[nodiscard]] bool was_held_back(const ResolveAsk& ask) const;
  void set_timer(uint64_t token, ResolveAsk& ask, SteadyTime at);
  void answer_in_part(uint64_t token, ResolveAsk& ask);
  void answer(uint64_t token, ResolveAnswer answer);
  void drop(uint64_t token);

  const Clock& clock_;
  std::string canary_;
  HostsFile hosts_;
  DnsCache cache_;
  bool is_monitors_;
  ResolverHealth health_;
  std::unordered_map<uint64_t, ResolveAsk> asks_;
  std::set<std::pair<SteadyTime, uint64_t>> timers_;
  std::map<Key, Query> queries_;
  std::deque<Key> waiting_;  // queries not started, because kQueriesMax are on their way
  size_t on_their_way_ = 0;
  bool starting_ = false;
  bool canary_on_its_way_ = false;
  size_t stand_in_ = 0;  // which known name is asked where there is no canary
  // Asks that failed and wait to hear from the canary whose fault it is.
  std::set<uint64_t> judged_;
  std::deque<Ready> ready_;
  std::unique_ptr<CaresChannel> channel_;  // last: its end must find the rest alive
};

}  // namespace tocsin
