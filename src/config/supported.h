// What may be written but does not work yet. One place, so that it shrinks visibly.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/monitor.h"

namespace tocsin {

struct Unsupported {
  std::string_view field;  // of the field table
  std::string message;
};

// The first part of `monitor` that this version cannot do; nothing when it can do all.
std::optional<Unsupported> unsupported(const Monitor& monitor);

// Keys of the top level that people write who read ahead in the documentation.
std::span<const std::string_view> later_sections();

}  // namespace tocsin
