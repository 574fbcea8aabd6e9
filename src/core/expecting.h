// Expecting: what one `expect` step looks for, compiled, and what the bytes meet first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_extent.h"
#include "core/stream_pattern.h"
#include "model/monitor.h"

namespace tocsin {

struct Expecting {
  // One of the two; the JSON step outlives this.
  std::optional<StreamPattern> pattern;
  const ExpectJsonStep* json = nullptr;

  std::vector<StreamPattern> refuse;
  bool wants_groups = false;  // a later send needs them: the match is waited for to its end

  // How far it has looked.
  JsonExtent extent;
  size_t unsettled = 0;

  [[nodiscard]] bool is_valid() const { return !pattern || pattern->is_valid(); }
  // For messages: "+PONG" in quotes, /^220/, or $.status is "ready"; safe to show.
  [[nodiscard]] std::string shown() const;
};

// What was met, and where.
struct Hit {
  size_t end = 0;                          // bytes up to the end of the hit
  const StreamPattern* refused = nullptr;  // one of `refuse`; null: what the step waits for
  std::string fault = {};  // the JSON is there and is not what is wanted: a sentence
  std::optional<StreamGroups> groups = {};  // of a step that wants them
};

// `step` is an expect of either kind.
Expecting expecting(const Step& step, bool wants_groups);
// The first of a refused pattern and what the step waits for that `bytes`, all since the step
// before, meet whatever follows; the refused one when both end at the same byte.
std::optional<Hit> hit_for_good(Expecting& step, std::string_view bytes);
// The same when nothing follows.
std::optional<Hit> hit_at_end(Expecting& step, std::string_view bytes);

}  // namespace tocsin
