// The body of POST probe as a Monitor: one definition in JSON with the field names of a
// configuration file. It is read by the same code as the files (JSON is YAML): laid out one value a
// line, so that a mistake's line leads back to its JSON pointer. Pure.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "api/json_body.h"
#include "model/monitor.h"

namespace tocsin {

// References (${env:...}, ${file:...}), files of certificates, for_each and unix targets are
// refused: they are the operator's. With `is_operator` (the local socket) unix targets and
// certificate files are allowed.
std::expected<Monitor, Problem> read_probe_body(const BodyValue& body, bool is_operator);

// The layout, for the tests: `pointers[n]` is the JSON pointer of line n + 1.
struct LaidOut {
  std::string text;
  std::vector<std::string> pointers;
};
LaidOut lay_out_monitor(const BodyValue& body);

}  // namespace tocsin
