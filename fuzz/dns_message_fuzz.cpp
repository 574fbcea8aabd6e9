// The negative TTL of a DNS message: bytes after the message do not change it, and a message cut
// inside its SOA has none.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "probe/dns_message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const std::optional<Duration> ttl = negative_ttl(message);
  if (ttl) {
    CHECK(*ttl >= 0s && *ttl <= std::chrono::seconds(UINT32_MAX), "a number of 32 bits");
    CHECK(negative_ttl(std::string(message) + "more") == ttl, "the message ends where it says");
  }
  size_t first_known = size;
  while (first_known > 0 && negative_ttl(message.substr(0, first_known)) == ttl) {
    --first_known;
  }
  CHECK(!ttl || !negative_ttl(message.substr(0, first_known)), "a cut message is not believed");
  return 0;
}
