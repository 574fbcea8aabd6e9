#include "cli/validate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>
#include <set>

#include "base/bytes.h"
#include "base/json.h"
#include "cli/probe_json.h"

namespace tocsin::cli {
namespace {

std::string count_of(size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

size_t errors_in(const ConfigReading& reading) {
  return static_cast<size_t>(
      std::ranges::count(reading.problems, false, &ConfigProblem::is_warning));
}

std::string summary(const ConfigReading& reading) {
  const size_t errors = errors_in(reading);
  const size_t warnings = reading.problems.size() - errors;
  const std::string also = warnings == 0 ? "" : fmt::format(" ({})", count_of(warnings, "warning"));
  if (reading.config) {
    return fmt::format("valid: {}, {}{}", count_of(reading.config->monitors.size(), "monitor"),
                       count_of(reading.config->channels.size(), "channel"), also);
  }
  std::set<std::string> files;
  for (const ConfigProblem& problem : reading.problems) {
    if (!problem.is_warning) {
      files.insert(problem.file);
    }
  }
  return fmt::format("invalid: {} in {}{}", count_of(errors, "error"),
                     count_of(files.size(), "file"), also);
}

// What workflow commands need escaped: in messages %, CR, LF; in properties also : and ,
std::string escaped_for_github(std::string_view text, bool property) {
  std::string out;
  for (const char byte : text) {
    const bool always = byte == '%' || byte == '\r' || byte == '\n';
    if (always || (property && (byte == ':' || byte == ','))) {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    } else {
      out += byte;
    }
  }
  return out;
}

}  // namespace

std::string validate_text(const ConfigReading& reading) {
  std::string text;
  for (const ConfigProblem& problem : reading.problems) {
    text += problem_text(problem);
    text += text.ends_with('\n') ? "" : "\n";
  }
  return text + summary(reading) + "\n";
}

std::string validate_json(const ConfigReading& reading) {
  nlohmann::ordered_json problems = nlohmann::ordered_json::array();
  for (const ConfigProblem& problem : reading.problems) {
    problems.push_back({{"file", to_valid_utf8(problem.file)},
                        {"line", problem.line},
                        {"column", problem.column},
                        {"severity", problem.is_warning ? "warning" : "error"},
                        {"message", to_valid_utf8(problem.message)},
                        {"hint", to_valid_utf8(problem.hint)}});
  }
  nlohmann::ordered_json json = {{"schema_version", kJsonSchemaVersion},
                                 {"valid", reading.config.has_value()},
                                 {"problems", problems}};
  if (reading.config) {
    json["project"] = to_valid_utf8(reading.config->project_id);
    json["monitors"] = reading.config->monitors.size();
    json["channels"] = reading.config->channels.size();
  }
  return dump_json(json, 2) + "\n";
}

std::string validate_github(const ConfigReading& reading) {
  std::string text;
  for (const bool warnings : {false, true}) {
    for (const ConfigProblem& problem : reading.problems) {
      if (problem.is_warning == warnings) {
        const std::string hint = problem.hint.empty() ? "" : "\nhint: " + problem.hint;
        text += fmt::format("::{} file={},line={},col={}::{}\n", warnings ? "warning" : "error",
                            escaped_for_github(problem.file, true), problem.line, problem.column,
                            escaped_for_github(problem.message + hint, false));
      }
    }
  }
  return text + summary(reading) + "\n";
}

}  // namespace tocsin::cli
