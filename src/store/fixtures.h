// Values for tests, made from a seed: every field is set to something that is not its default, or
// (without `all`) about half of them. Texts hold what JSON finds hard: NUL, quotes, bytes that are
// not UTF-8.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "store/store.h"

namespace tocsin::fixtures {

class Dice {
 public:
  // With `all` every optional thing is there.
  explicit Dice(uint64_t seed, bool all = false) : random_(seed), all_(all) {}

  bool maybe() { return all_ || random_() % 2 == 0; }
  template <class T = uint32_t>
  T number(T from, T to) {
    return std::uniform_int_distribution<T>(from, to)(random_);
  }
  Duration duration() { return Duration(number<int64_t>(1, 120'000'000)); }
  SystemTime time() {
    return SystemTime(Duration(1'700'000'000'000'000 + number<int64_t>(0, 100'000'000'000'000)));
  }
  std::string text();
  std::vector<std::string> texts();
  std::string hex(size_t digits);
  template <class E>
  E one_of(E first, E last) {
    return static_cast<E>(
        number<uint32_t>(static_cast<uint32_t>(first), static_cast<uint32_t>(last)));
  }
  template <class T>
  std::optional<T> perhaps(T value) {
    return maybe() ? std::optional<T>(std::move(value)) : std::nullopt;
  }

 private:
  std::mt19937_64 random_;
  bool all_;
};

ProbeError some_error(Dice& dice);
Monitor some_monitor(Dice& dice);
MonitorState some_state(Dice& dice);
Incident some_incident(Dice& dice);
AlertEvent some_event(Dice& dice);
Delivery some_delivery(Dice& dice);
Attempt some_attempt(Dice& dice);
Evidence some_evidence(Dice& dice);

// Equal in everything, the origin included.
bool is_same(const Monitor& a, const Monitor& b);

// A passed attempt of `monitor` in slot `slot`, answered in `response`; only numbers that are
// stored for a pass.
StoredAttempt passed(int64_t monitor, SystemTime slot, Duration response);
StoredAttempt failed(int64_t monitor, SystemTime slot);

}  // namespace tocsin::fixtures
