#include "probe/tls_session_book.h"

#include <algorithm>
#include <utility>

namespace tocsin {
namespace {

bool is_valid_at(const TlsFacts& facts, SystemTime now) {
  return std::ranges::all_of(facts.chain, [now](const Certificate& each) {
    return each.not_before <= now && now < each.not_after;
  });
}

}  // namespace

TlsSessionBook::Offer TlsSessionBook::offer(const std::string& key, uint32_t full_every,
                                            SystemTime now) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) {
    return {};
  }
  Kept& kept = found->second;
  if (!kept.session) {
    return {};
  }
  if (kept.offered + 1 >= full_every || !is_valid_at(*kept.facts, now)) {
    kept_.erase(found);
    return {};
  }
  ++kept.offered;
  return {kept.session, kept.facts};
}

void TlsSessionBook::begin(const std::string& key, std::shared_ptr<const TlsFacts> facts) {
  const std::scoped_lock lock(mutex_);
  if (kept_.size() >= kSessionsMax && !kept_.contains(key)) {
    kept_.erase(kept_.begin());  // any: it only costs a full handshake
  }
  kept_[key] = {.session = nullptr, .facts = std::move(facts)};
}

void TlsSessionBook::keep(const std::string& key, std::shared_ptr<ssl_session_st> session) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = kept_.find(key); found != kept_.end()) {
    found->second.session = std::move(session);
  }
}

void TlsSessionBook::drop(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  kept_.erase(key);
}

size_t TlsSessionBook::size() const {
  const std::scoped_lock lock(mutex_);
  return kept_.size();
}

}  // namespace tocsin
