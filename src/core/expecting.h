// Expecting: the patterns of one `expect` step, compiled, and which of them the bytes meet first.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/stream_pattern.h"
#include "model/monitor.h"

namespace tocsin {

struct Expecting {
  StreamPattern pattern;
  std::vector<StreamPattern> refuse;
};

// Which pattern was met, and where.
struct Hit {
  size_t end = 0;                          // bytes up to the end of the hit
  const StreamPattern* refused = nullptr;  // one of `refuse`; null: the step's own pattern
};

Expecting expecting(const ExpectStep& step);
// The first pattern of a refused one and the step's own that `bytes` meet whatever follows; the
// refused one when both end at the same byte.
std::optional<Hit> hit_for_good(const Expecting& step, std::string_view bytes);
// The same when nothing follows.
std::optional<Hit> hit_at_end(const Expecting& step, std::string_view bytes);

}  // namespace tocsin
