// The request of one monitor as a text of its own, for who has no file: YAML as it would stand
// behind `request:`, on one line or several.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config_reader.h"
#include "model/monitor.h"

namespace tocsin {

struct RequestReading {
  std::vector<Step> steps;
  std::vector<std::string> secrets;  // what its references stand for
};
// The first mistake as "line 1, column 12: message (hint)".
Result<RequestReading> read_request_text(std::string_view yaml, const ReferenceSource& references);

}  // namespace tocsin
