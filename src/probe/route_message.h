// What is said to the kernel's tables of routes and neighbours, and how its answers are read
// (rtnetlink(7)). Only bytes; the asking is first_router.cpp's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"

namespace tocsin {

// A router and the device behind which it is.
struct NextHop {
  IpAddress ip;
  int device = 0;
};

// Which way leads there; from that source.
std::string route_request(const IpAddress& to, const std::optional<IpAddress>& source);
// The router of the answer; nothing when the way leads straight there, or when it is no answer.
std::optional<NextHop> hop_of_answer(Family family, std::string_view answer);

// Whether the neighbour is known.
std::string neighbour_request(const NextHop& hop);
// It is being looked for, or was in vain. One that answers is looked for in well under a
// millisecond.
bool is_silent_by_answer(std::string_view answer);

}  // namespace tocsin
