// A packed histogram from a damaged store. Properties: it is refused, or it is exactly what packing
// it again gives; merged with itself it counts twice; its quantiles grow with the share.
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/check.h"
#include "core/histogram.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const std::string_view packed(reinterpret_cast<const char*>(data), size);
  const Result<Histogram> histogram = Histogram::unpack(packed);
  if (!histogram) {
    CHECK(histogram.error().kind == ErrorKind::corrupt, "a histogram is whole or corrupt");
    return 0;
  }
  CHECK(histogram->pack() == packed, "a histogram has one packed form");
  Histogram twice = *histogram;
  twice.merge(*histogram);
  const uint64_t count = histogram->count();
  CHECK(twice.count() == 2 * count || count > std::numeric_limits<uint64_t>::max() / 2,
        "merging adds");
  CHECK(histogram->quantile(500).has_value() == (count > 0), "an empty one has no quantile");
  Duration last{0};
  for (uint32_t share = 0; share <= 1000 && count > 0; share += 50) {
    const Duration value = *histogram->quantile(share);
    CHECK(value >= last && value <= 120s, "quantiles grow and stay in range");
    last = value;
  }
  return 0;
}
