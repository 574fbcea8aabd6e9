// Identities. A monitor has a logical id (the user's word, unique in its project) and a uid made
// once behind it; everything stored hangs on the uid, so that renaming and re-adding continue one
// history.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tocsin {

// Never 0 for a stored monitor; 0 marks a probe that belongs to none ("test now").
struct MonitorUid {
  int64_t value = 0;
  auto operator<=>(const MonitorUid&) const = default;
};

// Sortable by time, unique: UUID version 7 as text (36 characters). Empty = none.
struct IncidentId {
  std::string value;
  auto operator<=>(const IncidentId&) const = default;
};

// (monitor, location, clock_epoch, slot, attempt) names one attempt for ever; order of time is
// (clock_epoch, slot).
struct ResultId {
  MonitorUid monitor;
  uint16_t location = 0;     // index into the known locations; 0 = "local"
  uint32_t clock_epoch = 0;  // grows by one when the wall clock of this server jumps back
  SystemTime slot{};         // planned time on the UTC grid
  uint8_t attempt = 1;       // 1-11
  auto operator<=>(const ResultId&) const = default;
};

// "<uid>-<location>-<epoch>-<slot in µs>-<attempt>", what the API shows and reads.
std::string result_id_text(const ResultId& id);
// Nothing for a text that result_id_text would not have written.
std::optional<ResultId> result_id_from_text(std::string_view text);

// 64-bit FNV-1a finished by a mix (splitmix64), the same on every machine: schedule phases rest on
// it. Do not change.
uint64_t stable_hash(std::string_view bytes);
uint64_t stable_hash(uint64_t value);  // of its eight bytes, lowest first

// Text of a UUID version 7 (RFC 9562 5.7) from a time (milliseconds; before 1970 counts as 1970)
// and 74 random bits: the low 12 of `random_high`, the low 62 of `random_low`.
std::string uuid7(SystemTime at, uint64_t random_high, uint64_t random_low);

}  // namespace tocsin

template <>
struct std::hash<tocsin::MonitorUid> {
  size_t operator()(tocsin::MonitorUid uid) const noexcept {
    return static_cast<size_t>(uid.value);  // random numbers already
  }
};
