#include "probe/address_race.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace tocsin {
namespace {

// The more an error says about the target itself, the earlier it stands. First of all: an address
// that could not be tried for our own reasons might have answered, so nothing is proven. Without a
// route (self_offline) it tells least: a machine without IPv6 is an ordinary one.
constexpr std::array kMostTellingFirst = {
    ErrorCode::local_resource,      ErrorCode::tcp_refused,  ErrorCode::conn_reset,
    ErrorCode::admin_prohibited,    ErrorCode::timeout,      ErrorCode::host_unreachable,
    ErrorCode::network_unreachable, ErrorCode::self_offline, ErrorCode::reach_denied};

size_t rank(const AddressRace::Failure& failure) {
  const auto* const found = std::ranges::find(kMostTellingFirst, failure.error.code);
  return static_cast<size_t>(found - kMostTellingFirst.begin());
}

}  // namespace

std::vector<IpAddress> race_order(const std::vector<IpAddress>& addresses) {
  std::vector<IpAddress> ordered;
  const auto take = [&](Family family, size_t nth) {
    for (const IpAddress& each : addresses) {
      if (each.family == family && nth-- == 0 && ordered.size() < kTriedAddressesMax) {
        ordered.push_back(each);
        return;
      }
    }
  };
  for (size_t i = 0; i < addresses.size() && i < kTriedAddressesMax; ++i) {
    take(Family::v6, i);
    take(Family::v4, i);
  }
  return ordered;
}

void AddressRace::begin(size_t first, size_t count, SteadyTime now) {
  CHECK(count > 0, "a race has at least one address");
  first_ = static_cast<uint16_t>(first);
  count_ = static_cast<uint16_t>(count);
  started_ = 0;
  next_at_ = now;
  failed_.clear();
}

std::optional<size_t> AddressRace::next(SteadyTime now) {
  const bool none_under_way = failed_.size() == started_;
  if (started_ == count_ || (now < next_at_ && !none_under_way)) {
    return std::nullopt;
  }
  next_at_ = now + kRaceStagger;
  return size_t{first_} + started_++;
}

void AddressRace::postpone() {
  --started_;
  next_at_ = kNever;
}

void AddressRace::failed(size_t address, ProbeError error) {
  failed_.push_back({address, std::move(error)});
  next_at_ = SteadyTime::min();  // RFC 8305 5: a failure lets the next start at once
}

SteadyTime AddressRace::wake_at() const { return started_ == count_ ? kNever : next_at_; }

AddressRace::Failure AddressRace::telling_failure() const {
  CHECK(!failed_.empty(), "something failed");
  const auto best = std::ranges::min_element(failed_, {}, rank);
  Failure told = *best;
  for (auto other = failed_.begin(); other != failed_.end(); ++other) {
    if (other != best && !other->error.detail.empty()) {
      told.error.detail += "; " + other->error.detail;
    }
  }
  return told;
}

}  // namespace tocsin
