// What the kernel answers about routes and neighbours: whatever the bytes are, nothing is read
// behind them, and a router is an address of a family that its bytes can be.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "probe/route_message.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  for (const Family family : {Family::v4, Family::v6}) {
    if (const auto hop = hop_of_answer(family, answer)) {
      CHECK(IpAddress::parse(hop->ip.text()).has_value(), "it can be shown");
      CHECK(!neighbour_request(*hop).empty(), "and asked for");
    }
  }
  is_silent_by_answer(answer);
  return 0;
}
