// AlikeDefinitions: where thousands of monitors are made from one description, their stored
// definitions are the same but for id, name and target. Of one that is like the one before, its
// brief is known without reading all of it again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/monitor_brief.h"

namespace tocsin {

class AlikeDefinitions {
 public:
  // Of the stored text of a definition; nothing: it is not like the one that was remembered, or in
  // another form than the store writes, and has to be read.
  [[nodiscard]] std::optional<MonitorBrief> brief(std::string_view text);
  // What was read from such a text, which is whole without anything that is kept beside it.
  void remember(std::string_view text, const Monitor& monitor, const MonitorBrief& brief);

 private:
  std::string rest_;  // of the text, behind the target
  MonitorBrief brief_;
  size_t misses_ = 0;  // in a row
};

}  // namespace tocsin
