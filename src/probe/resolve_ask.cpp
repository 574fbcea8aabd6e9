#include "probe/resolve_ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tocsin {
namespace {

// A probe of short timeout cannot wait so long for anything: it takes a third and a half of what it
// has.
constexpr Duration kDoubtAfter = 1s;  // a query unanswered for so long makes us ask the canary
// And for so long, an old address is used (RFC 8767 section 5, the client response timer).
constexpr Duration kStaleAfter = 1800ms;
// A resolver that is being restarted is back in less than a second; doubled each time, so that a
// dead one costs few questions.
constexpr Duration kAgainAfter = 200ms;

}  // namespace

ResolveAsk::ResolveAsk(std::string asked_name, AddressWish wished, ResolveSink& to, SteadyTime now,
                       SteadyTime until)
    : name(std::move(asked_name)),
      wish(wished),
      sink(&to),
      asked(now),
      deadline(until),
      next_doubt(now + std::min<Duration>(kDoubtAfter, (until - now) / 3)),
      stale_at(now + std::min<Duration>(kStaleAfter, (until - now) / 2)),
      again_after_(kAgainAfter) {}

void ResolveAsk::on_silence(const DnsReply& reply, SteadyTime now) {
  silence_ = reply.detail;
  undelivered_ = undelivered_ || reply.undelivered;
  stale_at = std::min(stale_at, now);
  if (!again_at) {  // else the other family has just seen to it
    again_at = now + again_after_;
    again_after_ *= 2;
  }
}

void ResolveAsk::on_undelivered(std::string detail) {
  undelivered_ = true;
  silence_ = std::move(detail);
}

bool ResolveAsk::is_undelivered() const {
  return undelivered_ || std::ranges::any_of(replies, [](const std::optional<DnsReply>& reply) {
           return reply && reply->undelivered;
         });
}

bool ResolveAsk::has_failure() const {
  return std::ranges::any_of(replies, [](const std::optional<DnsReply>& reply) {
    return reply && reply->kind == DnsReply::Kind::failed;
  });
}

SteadyTime ResolveAsk::next_review() const {
  const SteadyTime stale = stale_tried ? kNever : stale_at;
  return std::min({next_doubt, stale, again_at.value_or(kNever), deadline});
}

bool ResolveAsk::is_complete() const {
  return std::ranges::all_of(
      kFamilies, [&](Family family) { return !wishes(wish, family) || replies[index_of(family)]; });
}

std::vector<IpAddress> ResolveAsk::addresses_so_far() const {
  std::vector<IpAddress> found;
  for (const Family family : kFamilies) {
    if (const std::optional<DnsReply>& reply = replies[index_of(family)]) {
      found.insert(found.end(), reply->addresses.begin(), reply->addresses.end());
    }
  }
  return found;
}

ProbeError ResolveAsk::failure(SteadyTime now, std::string_view servers) const {
  std::string detail = silence_.empty() ? "" : "; " + silence_;
  for (const std::optional<DnsReply>& reply : replies) {
    if (reply && reply->kind == DnsReply::Kind::failed) {
      return {ErrorCode::dns_failed, Phase::dns,
              fmt::format("{} for {} (asked: {})", reply->detail, name, servers)};
    }
    if (reply && reply->kind == DnsReply::Kind::silent && !reply->detail.empty()) {
      detail = "; " + reply->detail;
    }
  }
  const Duration waited = std::min(now, deadline) - asked;
  return {ErrorCode::dns_timeout, Phase::dns,
          fmt::format("no answer for {} within {} (asked: {}{})", name, human_duration(waited),
                      servers, detail)};
}

namespace {

// A name that does not exist has no address of the other family either. But there are servers that
// deny the name where they should deny AAAA alone (RFC 4074 section 4.2), so A decides.
bool is_denied(const FamilyReplies& replies, AddressWish wish) {
  const Family family = wish == AddressWish::v6 ? Family::v6 : Family::v4;
  const std::optional<DnsReply>& reply = replies[index_of(family)];
  return reply && reply->kind == DnsReply::Kind::no_name;
}

}  // namespace

bool is_denied_in_part(const FamilyReplies& replies, AddressWish wish) {
  return is_denied(replies, wish) && wishes(wish, Family::v6) && !replies[index_of(Family::v6)];
}

std::optional<ResolveAnswer> combine(const FamilyReplies& replies, std::string_view name,
                                     AddressWish wish, bool believes_part) {
  ResolveAnswer answer;
  bool complete = true;
  for (const Family family : kFamilies) {
    const std::optional<DnsReply>& reply = replies[index_of(family)];
    if (!wishes(wish, family)) {
      continue;
    }
    if (!reply || !reply->is_useful()) {
      complete = false;
      continue;
    }
    answer.addresses.insert(answer.addresses.end(), reply->addresses.begin(),
                            reply->addresses.end());
  }
  if (!answer.addresses.empty()) {
    return complete ? std::optional(answer) : std::nullopt;
  }
  if (is_denied(replies, wish) && (believes_part || !is_denied_in_part(replies, wish))) {
    answer.error = ProbeError{ErrorCode::host_not_found, Phase::dns,
                              fmt::format("{} does not exist in DNS", name)};
    return answer;
  }
  if (!complete) {
    return std::nullopt;
  }
  const std::string_view wished = wish == AddressWish::v4   ? "IPv4 address (A)"
                                  : wish == AddressWish::v6 ? "IPv6 address (AAAA)"
                                                            : "address";
  answer.error = ProbeError{ErrorCode::no_address_of_family, Phase::dns,
                            fmt::format("{} exists, but has no {}", name, wished)};
  return answer;
}

std::optional<ResolveAnswer> stale_answer(const DnsCache& cache, std::string_view name,
                                          AddressWish wish, SteadyTime now) {
  ResolveAnswer answer{.cached = true, .stale = true};
  for (const Family family : kFamilies) {
    if (wish == AddressWish::each && !cache.remembers(name, family, now)) {
      return std::nullopt;
    }
    const DnsReply* reply = wishes(wish, family) ? cache.stale(name, family, now) : nullptr;
    if (reply != nullptr) {
      answer.addresses.insert(answer.addresses.end(), reply->addresses.begin(),
                              reply->addresses.end());
    }
  }
  return answer.addresses.empty() ? std::nullopt : std::optional(std::move(answer));
}

}  // namespace tocsin
