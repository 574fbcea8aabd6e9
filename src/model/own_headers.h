// The headers of a webhook that are ours alone: a receiver trusts them, or the framing rests on
// them. A channel's own are refused where they are written, and kept out where they are sent.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "base/letter_case.h"

namespace tocsin {

inline constexpr std::array<std::string_view, 8> kOwnHeaders = {
    "webhook-id",     "webhook-timestamp", "webhook-signature", "host",
    "content-length", "transfer-encoding", "connection",        "expect"};

// `name` in any case.
inline bool is_own_header(std::string_view name) {
  return std::ranges::any_of(
      kOwnHeaders, [&](std::string_view own) { return same_ignoring_ascii_case(own, name); });
}

}  // namespace tocsin
