#include "api/definition_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "api/json_writer.h"
#include "base/letter_case.h"
#include "config/config_reader.h"
#include "config/reader.h"

namespace tocsin {
namespace {

constexpr size_t kMadeIdBytesMax = 60;  // a made id stays short enough to type

std::vector<FieldProblem> find_before_reading(const BodyValue& body, const DefinitionRules& rules) {
  std::vector<FieldProblem> errors;
  if (const auto wrong = wrong_identifier(rules.id)) {
    errors.push_back({.pointer = "/id", .code = "invalid_field", .message = *wrong});
  }
  std::ranges::move(operator_words(body), std::back_inserter(errors));
  if (!rules.may_be_many && body.find("for_each") != nullptr) {
    errors.push_back({.pointer = "/for_each",
                      .code = "not_here",
                      .message = "This is about one monitor: name one target."});
  }
  return errors;
}

// What only the operator of this machine may write.
std::vector<FieldProblem> find_operator_parts(const Monitor& monitor) {
  std::vector<FieldProblem> errors;
  const auto refuse = [&errors](const char* pointer, const char* message) {
    errors.push_back({.pointer = pointer, .code = "operator_only", .message = message});
  };
  if (monitor.target.is_unix()) {
    refuse("/target", "unix: targets are for the operator's own configuration files only.");
  }
  const struct {
    const char* pointer;
    const std::string& path;
  } files[] = {{"/tls/certificate_file", monitor.tls.certificate_file},
               {"/tls/key_file", monitor.tls.key_file},
               {"/tls/ca_file", monitor.tls.ca_file}};
  for (const auto& file : files) {
    if (!file.path.empty()) {
      refuse(file.pointer, "Files of the server are named in its own configuration only.");
    }
  }
  return errors;
}

// The password of a proxy is never shown: one that is hidden stays what it is, at the same place.
std::vector<FieldProblem> keep_hidden_password(Monitor& monitor, const Monitor* current) {
  if (!monitor.proxy || !has_hidden_password(*monitor.proxy)) {
    return {};
  }
  if (current != nullptr && current->proxy && is_same_place(*current->proxy, *monitor.proxy)) {
    monitor.proxy->password = current->proxy->password;
    return {};
  }
  return {{.pointer = "/proxy",
           .code = "secret_needed",
           .message = "The password of the proxy is not kept for another place: it must be written "
                      "again."}};
}

}  // namespace

ReachRole reach_role(const Caller& caller) {
  if (caller.is_local_socket) {
    return ReachRole::operator_files;
  }
  return caller.scope == Scope::admin ? ReachRole::admin_api : ReachRole::editor_api;
}

std::string id_from(std::string_view text, std::string_view otherwise) {
  std::string id;
  for (const char c : text.substr(0, kMadeIdBytesMax)) {
    const char lower = ascii_lower(c);
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      id += lower;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (id.ends_with('-')) {
    id.pop_back();
  }
  return id.empty() ? std::string(otherwise) : id;
}

LaidOut lay_out_monitor(const BodyValue& body, std::string_view id) {
  std::string before = R"({"monitors": {)";
  append_json_text(before, id);
  return lay_out(body, before + ": ", "}}\n");
}

std::expected<DefinitionReading, Problem> read_definition(const BodyValue& body,
                                                          const DefinitionRules& rules) {
  if (auto errors = find_before_reading(body, rules); !errors.empty()) {
    return std::unexpected(validation_failed(std::move(errors)));
  }
  const LaidOut laid_out = lay_out_monitor(body, rules.id);
  const ConfigText text{.name = "body", .text = laid_out.text};
  ConfigReading reading = read_config({&text, 1}, no_references(), NamesIn::server);
  if (!reading.config) {
    return std::unexpected(validation_failed(field_problems(reading.problems, laid_out)));
  }
  DefinitionReading result{.monitors = std::move(reading.config->monitors),
                           .warnings = field_warnings(reading.problems, laid_out)};
  if (result.monitors.empty()) {
    return std::unexpected(validation_failed(
        {{.pointer = "", .code = "not_here", .message = "This is no monitor's definition."}}));
  }
  const bool is_operator = rules.author == ReachRole::operator_files;
  for (Monitor& monitor : result.monitors) {
    monitor.origin = {};
    if (auto errors = keep_hidden_password(monitor, rules.current); !errors.empty()) {
      return std::unexpected(validation_failed(std::move(errors)));
    }
    const bool stays = rules.current != nullptr && says_the_same(*rules.current, monitor);
    if (auto errors = find_operator_parts(monitor); !is_operator && !stays && !errors.empty()) {
      return std::unexpected(validation_failed(std::move(errors)));
    }
  }
  return result;
}

}  // namespace tocsin
