// AddressRace: which address of a name to try when, for ip_family auto (RFC 8305, "happy
// eyeballs"): families alternate beginning with IPv6, the next starts 250 ms after the last or at
// once when one failed, the first that opens wins. With one address it is that address. Knows no
// socket: it says what to start, and is told what failed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/error_code.h"
#include "base/time.h"
#include "model/result.h"

namespace tocsin {

inline constexpr Duration kRaceStagger = 250ms;  // RFC 8305 5, "Connection Attempt Delay"
// v6, v4, v6, v4, ... keeping the resolver's order inside a family; at most kTriedAddressesMax.
std::vector<IpAddress> race_order(const std::vector<IpAddress>& addresses);

class AddressRace {
 public:
  // `first` is the number of the first address; numbers are the caller's from there on.
  void begin(size_t first, size_t count, SteadyTime now);

  // So many there are by now; those that were not started may be others than before.
  void set_count(size_t count) { count_ = static_cast<uint16_t>(count); }
  [[nodiscard]] size_t started() const { return started_; }

  // The address to start now, or nothing. Counts as started.
  std::optional<size_t> next(SteadyTime now);
  // The connection asked for last could not be made for want of a slot: it is tried again when
  // another fails.
  void postpone();
  void failed(size_t address, ProbeError error);

  // When next() has something, if nothing fails before.
  [[nodiscard]] SteadyTime wake_at() const;
  // Every address has failed.
  [[nodiscard]] bool is_lost() const { return failed_.size() == count_; }

  struct Failure {
    size_t address = 0;
    ProbeError error;
  };
  [[nodiscard]] const std::vector<Failure>& failures() const { return failed_; }
  // Of all failures the one that says most about the target, with the details of the others behind
  // its own.
  [[nodiscard]] Failure telling_failure() const;

 private:
  uint16_t first_ = 0, count_ = 0, started_ = 0;
  SteadyTime next_at_{};
  std::vector<Failure> failed_;
};

}  // namespace tocsin
