// A definition in JSON with the field names of a configuration file, made ready for the code that
// reads those files (JSON is YAML): laid out one value a line, so that a mistake's line leads back
// to its JSON pointer. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_body.h"
#include "config/config_reader.h"

namespace tocsin {

// `pointers[n]` is the JSON pointer of line n + 1.
struct LaidOut {
  std::string text;
  std::vector<std::string> pointers;
};

// `body` between two pieces of text without line ends, which make it part of a file.
LaidOut lay_out(const BodyValue& body, std::string_view before, std::string_view after);

// References (${env:...}, ${file:...}), which are the operator's, and keys that no field has.
std::vector<FieldProblem> operator_words(const BodyValue& body);

// Resolves nothing.
ReferenceSource no_references();

// The mistakes among `problems`, or the warnings, with the pointers of `laid_out`.
std::vector<FieldProblem> field_problems(std::span<const ConfigProblem> problems,
                                         const LaidOut& laid_out);
std::vector<FieldProblem> field_warnings(std::span<const ConfigProblem> problems,
                                         const LaidOut& laid_out);

}  // namespace tocsin
