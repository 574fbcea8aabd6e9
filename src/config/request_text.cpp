#include "config/request_text.h"

#include <fmt/format.h>

#include <array>

#include "base/check.h"
#include "base/limits.h"
#include "config/problems.h"
#include "config/reader.h"
#include "config/request_reader.h"
#include "config/text_check.h"
#include "config/yaml_tree.h"
#include "model/field_table.h"

namespace tocsin {
namespace {

std::unexpected<Error> told(TextMark at, const std::string& message, const std::string& hint) {
  return fail(ErrorKind::invalid_input,
              fmt::format("line {}, column {}: {}{}", at.line, at.column, message,
                          hint.empty() ? "" : fmt::format(" ({})", hint)));
}

}  // namespace

Result<RequestReading> read_request_text(std::string_view yaml, const ReferenceSource& references) {
  if (const std::optional<TextFault> fault = find_text_fault(yaml)) {
    return told(fault->at, fault->message, fault->hint);
  }
  const std::array texts = {ConfigText{.name = "request", .text = std::string(yaml)}};
  ProblemList problems(texts);
  const Field* const field = find_field(monitor_fields(), "request");
  CHECK(field != nullptr, "a monitor has a request");
  Reader reader(0, problems, references);
  RequestReading reading;
  size_t nodes_left = kConfigNodesMax;
  if (const auto tree = parse_yaml(texts[0].text, 0, nodes_left, problems)) {
    reader.note_secrets();
    reading.steps = read_request(reader, *tree, *field).value_or(std::vector<Step>());
    reading.secrets = reader.take_secrets();
  }
  for (const ConfigProblem& problem : problems.finish()) {
    if (!problem.is_warning) {
      return told({problem.line, problem.column}, problem.message, problem.hint);
    }
  }
  return reading;
}

}  // namespace tocsin
