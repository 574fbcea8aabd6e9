// ResolveAsk: one caller waiting for the addresses of a name in one or two families, and what the
// replies so far come to. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/resolver.h"
#include "probe/dns_cache.h"

namespace tocsin {

inline constexpr std::array kFamilies = {Family::v6, Family::v4};  // in the order of an answer
constexpr size_t index_of(Family family) { return family == Family::v4 ? 0 : 1; }

using FamilyReplies = std::array<std::optional<DnsReply>, 2>;  // by index_of

// How often an unanswered ask makes us think of the canary.
inline constexpr Duration kDoubtAgain = 3s;

struct ResolveAsk {
  ResolveAsk(std::string asked_name, AddressWish wished, ResolveSink& to, SteadyTime now,
             SteadyTime until);

  std::string name;
  AddressWish wish;
  ResolveSink* sink;
  SteadyTime asked;
  SteadyTime deadline;
  FamilyReplies replies;
  std::array<bool, 2> unkept{};  // of them: a denial that is not yet believed, nor in the cache
  SteadyTime next_doubt;         // when to think of the canary
  SteadyTime stale_at;           // when an old address is better than more waiting
  bool stale_tried = false;
  std::optional<SteadyTime> again_at;    // a question ended in silence with time left
  std::optional<SteadyTime> grace_ends;  // one family has answered, the other is waited for
  std::optional<SteadyTime>
      judged_by;                // it failed; the canary may say until then whose fault it is
  SteadyTime next_at = kNever;  // its place among the timers

  // The question of one family ended early without an answer (nobody listens at the resolver's
  // port): an old address is wanted now, and the question is to be put again.
  void on_silence(const DnsReply& reply, SteadyTime now);
  // The answer was cut by UDP and does not come by TCP; `detail` for the failure.
  void on_undelivered(std::string detail);
  // It has an answer, and its transport keeps it from us.
  [[nodiscard]] bool is_undelivered() const;
  // The resolver itself said that it cannot say.
  [[nodiscard]] bool has_failure() const;
  // The next thing to look at it for.
  [[nodiscard]] SteadyTime next_review() const;
  // A reply for each wished family, useful or not.
  [[nodiscard]] bool is_complete() const;
  // Of the families that have answered; empty when none has any.
  [[nodiscard]] std::vector<IpAddress> addresses_so_far() const;
  // Whose fault it is is for the caller to say; this is the name's: dns_failed or dns_timeout.
  // `servers` for the detail.
  [[nodiscard]] ProbeError failure(SteadyTime now, std::string_view servers) const;

 private:
  Duration again_after_;
  bool undelivered_ = false;
  std::string silence_;  // what is known of why nobody answered
};

// A denied name for which another family that is wished has not answered: it may have an address
// all the same.
bool is_denied_in_part(const FamilyReplies& replies, AddressWish wish);
// The answer that useful replies make; nothing while one that matters is missing. A denial in part
// counts where `believes_part`.
std::optional<ResolveAnswer> combine(const FamilyReplies& replies, std::string_view name,
                                     AddressWish wish, bool believes_part);
// What the cache has past its TTL, marked as stale; nothing when it has no address any more, or
// `each` is wished and of one family nothing was ever heard.
std::optional<ResolveAnswer> stale_answer(const DnsCache& cache, std::string_view name,
                                          AddressWish wish, SteadyTime now);

}  // namespace tocsin
