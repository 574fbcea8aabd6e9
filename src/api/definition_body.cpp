#include "api/definition_body.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/json_writer.h"
#include "base/letter_case.h"
#include "config/config_reader.h"
#include "config/reader.h"

namespace tocsin {
namespace {

// YAML reads keys up to 1,024 bytes on one line; no field's name is near.
constexpr size_t kKeyBytesMax = 200;
constexpr size_t kProblemsMax = 100;
constexpr size_t kMadeIdBytesMax = 60;  // a made id stays short enough to type

class Layout {
 public:
  explicit Layout(LaidOut& out) : out_(out) { next_line(""); }

  void value(const BodyValue& value, const std::string& pointer) {
    switch (value.kind) {
      case BodyValue::Kind::null:
        out_.text += "null";
        return;
      case BodyValue::Kind::boolean:
        out_.text += value.boolean ? "true" : "false";
        return;
      case BodyValue::Kind::number:
        out_.text += value.text;
        return;
      case BodyValue::Kind::text:
        append_json_text(out_.text, value.text);
        return;
      case BodyValue::Kind::list:
        list(value, pointer);
        return;
      case BodyValue::Kind::object:
        object(value, pointer);
        return;
    }
  }

  void raw(std::string_view text) { out_.text += text; }

 private:
  void next_line(const std::string& pointer) {
    out_.text += out_.pointers.empty() ? "" : "\n ";
    out_.pointers.push_back(pointer);
  }

  void list(const BodyValue& list, const std::string& pointer) {
    out_.text += '[';
    for (size_t i = 0; i < list.items.size(); ++i) {
      const std::string inner = fmt::format("{}/{}", pointer, i);
      out_.text += i == 0 ? "" : ",";
      next_line(inner);
      value(list.items[i], inner);
    }
    out_.text += ']';
  }

  void object(const BodyValue& object, const std::string& pointer) {
    out_.text += '{';
    for (size_t i = 0; i < object.members.size(); ++i) {
      const BodyMember& member = object.members[i];
      const std::string inner = pointer + pointer_step(member.name);
      out_.text += i == 0 ? "" : ",";
      next_line(inner);
      append_json_text(out_.text, member.name);
      out_.text += ": ";
      value(member.value, inner);
    }
    out_.text += '}';
  }

  LaidOut& out_;
};

// As the reader of references sees it: "$${" stands for a plain "${".
bool has_reference_to_us(std::string_view text) {
  for (size_t i = text.find("${"); i != std::string_view::npos; i = text.find("${", i + 2)) {
    const std::string_view rest = text.substr(i + 2);
    const bool is_plain = i > 0 && text[i - 1] == '$';
    if (!is_plain && (rest.starts_with("env:") || rest.starts_with("file:"))) {
      return true;
    }
  }
  return false;
}

void find_refused(const BodyValue& value, const std::string& pointer,
                  std::vector<FieldProblem>& errors) {
  if (value.is_text() && has_reference_to_us(value.text)) {
    errors.push_back({.pointer = pointer,
                      .code = "reference_refused",
                      .message =
                          "References are resolved by the program that reads a configuration "
                          "file, never by the API: write the value itself."});
  }
  for (size_t i = 0; i < value.items.size(); ++i) {
    find_refused(value.items[i], fmt::format("{}/{}", pointer, i), errors);
  }
  for (const BodyMember& member : value.members) {
    const std::string inner = pointer + pointer_step(member.name);
    if (member.name.size() > kKeyBytesMax) {
      errors.push_back({.pointer = pointer,
                        .code = "unknown_field",
                        .message = "A field's name is longer than any that exists."});
    }
    find_refused(member.value, inner, errors);
  }
}

std::vector<FieldProblem> find_before_reading(const BodyValue& body, const DefinitionRules& rules) {
  std::vector<FieldProblem> errors;
  if (const auto wrong = wrong_identifier(rules.id)) {
    errors.push_back({.pointer = "/id", .code = "invalid_field", .message = *wrong});
  }
  find_refused(body, "", errors);
  if (!rules.may_be_many && body.find("for_each") != nullptr) {
    errors.push_back({.pointer = "/for_each",
                      .code = "not_here",
                      .message = "This is about one monitor: name one target."});
  }
  errors.resize(std::min(errors.size(), kProblemsMax));
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

ReferenceSource no_references() {
  return {.environment = [](const std::string&) { return std::nullopt; },
          .file = [](const std::filesystem::path&) -> Result<std::string> {
            return fail(ErrorKind::forbidden, "The API reads no files.");
          }};
}

std::vector<FieldProblem> field_problems(const std::vector<ConfigProblem>& problems,
                                         const std::vector<std::string>& pointers, bool warnings) {
  std::vector<FieldProblem> errors;
  for (const ConfigProblem& problem : problems) {
    if (problem.is_warning != warnings || errors.size() >= kProblemsMax) {
      continue;
    }
    const size_t line = static_cast<size_t>(std::max(problem.line, 1)) - 1;
    errors.push_back({.pointer = line < pointers.size() ? pointers[line] : "",
                      .code = "invalid_field",
                      .message = problem.message,
                      .hint = problem.hint});
  }
  return errors;
}

}  // namespace

ReachRole reach_role(const Caller& caller) {
  if (caller.is_local_socket) {
    return ReachRole::operator_files;
  }
  return caller.scope == Scope::admin ? ReachRole::admin_api : ReachRole::editor_api;
}

std::string id_from(std::string_view text) {
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
  return id.empty() ? "monitor" : id;
}

LaidOut lay_out_monitor(const BodyValue& body, std::string_view id) {
  LaidOut out;
  Layout layout(out);
  std::string key;
  append_json_text(key, id);
  layout.raw(R"({"monitors": {)");
  layout.raw(key);
  layout.raw(": ");
  layout.value(body, "");
  layout.raw("}}\n");
  return out;
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
    return std::unexpected(
        validation_failed(field_problems(reading.problems, laid_out.pointers, false)));
  }
  DefinitionReading result{.monitors = std::move(reading.config->monitors),
                           .warnings = field_problems(reading.problems, laid_out.pointers, true)};
  if (result.monitors.empty()) {
    return std::unexpected(validation_failed(
        {{.pointer = "", .code = "not_here", .message = "This is no monitor's definition."}}));
  }
  const bool is_operator = rules.author == ReachRole::operator_files;
  for (Monitor& monitor : result.monitors) {
    monitor.origin = {};
    const bool stays = rules.current != nullptr && says_the_same(*rules.current, monitor);
    if (auto errors = find_operator_parts(monitor); !is_operator && !stays && !errors.empty()) {
      return std::unexpected(validation_failed(std::move(errors)));
    }
  }
  return result;
}

}  // namespace tocsin
