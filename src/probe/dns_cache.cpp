#include "probe/dns_cache.h"

#include <algorithm>

#include "base/limits.h"

namespace tocsin {
namespace {

Duration believed_for(const DnsReply& reply) {
  return reply.kind == DnsReply::Kind::addresses
             ? std::clamp(reply.ttl, kDnsTtlMin, kDnsTtlMax)
             : std::clamp(reply.ttl, kDnsNegativeTtlMin, kDnsNegativeTtlMax);
}

// Looked at for another name.
constexpr size_t kOthersMax = 16;

}  // namespace

void DnsCache::store(std::string_view name, Family family, const DnsReply& reply, SteadyTime now) {
  if (!reply.is_useful() || entries_max_ == 0) {
    return;
  }
  const auto [at, is_new] = entries_.try_emplace(Key{std::string(name), family});
  if (is_new) {
    at->second.age = by_age_.insert(by_age_.end(), &at->first);
  } else {
    by_age_.splice(by_age_.end(), by_age_, at->second.age);
  }
  at->second.reply = reply;
  at->second.expires = now + believed_for(reply);
  if (entries_.size() > entries_max_) {
    const Key oldest = *by_age_.front();
    by_age_.pop_front();
    entries_.erase(oldest);
  }
}

const DnsCache::Entry* DnsCache::find(std::string_view name, Family family) const {
  const auto at = entries_.find(Key{std::string(name), family});
  return at == entries_.end() ? nullptr : &at->second;
}

const DnsReply* DnsCache::fresh(std::string_view name, Family family, SteadyTime now) const {
  const Entry* entry = find(name, family);
  return entry != nullptr && now < entry->expires ? &entry->reply : nullptr;
}

bool DnsCache::is_nearly_over(std::string_view name, Family family, SteadyTime now) const {
  const Entry* entry = find(name, family);
  if (entry == nullptr || entry->reply.kind != DnsReply::Kind::addresses) {
    return false;
  }
  const Duration believed = believed_for(entry->reply);
  return believed >= kDnsRefreshedFrom && now >= entry->expires - believed / 4;
}

const DnsReply* DnsCache::stale(std::string_view name, Family family, SteadyTime now) const {
  const Entry* entry = find(name, family);
  const bool usable = entry != nullptr && entry->reply.kind == DnsReply::Kind::addresses &&
                      now <= entry->expires + kStaleDnsMax;
  return usable ? &entry->reply : nullptr;
}

bool DnsCache::remembers(std::string_view name, Family family, SteadyTime now) const {
  const Entry* entry = find(name, family);
  return entry != nullptr && now <= entry->expires + kStaleDnsMax;
}

std::string DnsCache::another(std::string_view name, size_t nth) const {
  std::vector<std::string_view> others;
  for (auto key = by_age_.rbegin(); key != by_age_.rend() && others.size() < kOthersMax; ++key) {
    const std::string& other = (*key)->name;
    if (other != name && std::ranges::find(others, other) == others.end()) {
      others.push_back(other);
    }
  }
  return others.empty() ? "" : std::string(others[nth % others.size()]);
}

}  // namespace tocsin
