// When a delivery that failed is tried again, and when it is given up. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace tocsin {

// How often one delivery is tried before it is dead, attempts that a changed channel caused not
// counted; with the waits between them this spans the 72 h of kDeliveryHorizon when the receiver
// refuses at once.
inline constexpr uint32_t kDeliveryAttemptsMax = 15;

// Time of the next attempt after `failed` ones: at once after none, then after 5 s, 30 s, 2, 5, 15
// min, 1, 3, 6 h, five times 12 h, 2 h, each with ±20 % jitter from `chance`; a receiver's
// Retry-After counts when longer, up to kRetryAfterMax. Nothing: kDeliveryAttemptsMax have failed,
// the delivery is dead. Its age does not matter.
std::optional<SystemTime> next_delivery_attempt(uint32_t failed,
                                                std::optional<Duration> retry_after, SystemTime now,
                                                uint64_t chance);

// The longest that next_delivery_attempt() lets a delivery wait after `failed` attempts: nothing
// for the first one, then jitter and Retry-After included.
Duration longest_delivery_wait(uint32_t failed);

}  // namespace tocsin
