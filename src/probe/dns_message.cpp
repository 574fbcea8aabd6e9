#include "probe/dns_message.h"

#include <algorithm>
#include <cstdint>

namespace tocsin {
namespace {

constexpr uint32_t kSoa = 6;
constexpr size_t kSoaNumbers = 16;  // SERIAL, REFRESH, RETRY, EXPIRE lie before MINIMUM

// Reads from the front; once something is missing everything after reads as zero and `good` is
// false.
struct Reader {
  std::string_view rest;
  bool good = true;

  void skip(size_t size) {
    good = good && size <= rest.size();
    rest.remove_prefix(good ? size : rest.size());
  }
  uint32_t number(size_t bytes) {
    if (!good || rest.size() < bytes) {
      skip(rest.size() + 1);
      return 0;
    }
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; ++i) {
      value = value << 8U | static_cast<uint8_t>(rest[i]);
    }
    skip(bytes);
    return value;
  }
  // Labels up to the root or a pointer (RFC 1035 4.1.4), which is not followed: only the end of the
  // name matters here.
  void skip_name() {
    while (good) {
      const uint32_t length = number(1);
      if (length == 0) {
        return;
      }
      if ((length & 0xC0U) == 0xC0U) {
        return skip(1);
      }
      skip(length);
    }
  }
};

}  // namespace

std::optional<Duration> negative_ttl(std::string_view message) {
  Reader reader{message};
  reader.skip(4);
  const uint32_t questions = reader.number(2);
  const uint32_t answers = reader.number(2);
  const uint32_t authorities = reader.number(2);
  reader.skip(2);
  for (uint32_t i = 0; i < questions && reader.good; ++i) {
    reader.skip_name();
    reader.skip(4);
  }
  for (uint32_t i = 0; i < answers + authorities && reader.good; ++i) {
    reader.skip_name();
    const uint32_t type = reader.number(2);
    reader.skip(2);
    const uint32_t ttl = reader.number(4);
    const uint32_t size = reader.number(2);
    Reader data{reader.rest.substr(0, size), reader.good && size <= reader.rest.size()};
    reader.skip(size);
    if (type == kSoa && i >= answers) {
      data.skip_name();
      data.skip_name();
      data.skip(kSoaNumbers);
      const uint32_t minimum = data.number(4);
      return data.good ? std::optional<Duration>(std::chrono::seconds(std::min(ttl, minimum)))
                       : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace tocsin
