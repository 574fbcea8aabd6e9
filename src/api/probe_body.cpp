#include "api/probe_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/json_writer.h"
#include "config/config_reader.h"

namespace tocsin {
namespace {

// YAML reads keys up to 1,024 bytes on one line; no field's name is near.
constexpr size_t kKeyBytesMax = 200;
constexpr size_t kProblemsMax = 100;
constexpr std::array<std::string_view, 3> kFileFields = {"certificate_file", "key_file", "ca_file"};

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

// Everything only the operator may write, wherever it stands.
void find_refused(const BodyValue& value, const std::string& pointer,
                  std::vector<FieldProblem>& errors) {
  if (value.is_text() && (value.text.find("${env:") != std::string::npos ||
                          value.text.find("${file:") != std::string::npos)) {
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

void find_operator_fields(const BodyValue& body, std::vector<FieldProblem>& errors) {
  const BodyValue* const tls = body.find("tls");
  for (const std::string_view name : kFileFields) {
    if (tls != nullptr && tls->find(name) != nullptr) {
      errors.push_back({.pointer = fmt::format("/tls/{}", name),
                        .code = "operator_only",
                        .message = "Files of the server are named in its own configuration only."});
    }
  }
}

ReferenceSource no_references() {
  return {.environment = [](const std::string&) { return std::nullopt; },
          .file = [](const std::filesystem::path&) -> Result<std::string> {
            return fail(ErrorKind::forbidden, "The API reads no files.");
          }};
}

std::vector<FieldProblem> field_problems(const std::vector<ConfigProblem>& problems,
                                         const std::vector<std::string>& pointers) {
  std::vector<FieldProblem> errors;
  for (const ConfigProblem& problem : problems) {
    if (problem.is_warning || errors.size() >= kProblemsMax) {
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

LaidOut lay_out_monitor(const BodyValue& body) {
  LaidOut out;
  Layout layout(out);
  layout.raw(R"({"monitors": {"probe": )");
  layout.value(body, "");
  layout.raw("}}\n");
  return out;
}

std::expected<Monitor, Problem> read_probe_body(const BodyValue& body, bool is_operator) {
  std::vector<FieldProblem> errors;
  find_refused(body, "", errors);
  if (!is_operator) {
    find_operator_fields(body, errors);
  }
  if (body.find("for_each") != nullptr) {
    errors.push_back({.pointer = "/for_each",
                      .code = "not_here",
                      .message = "A probe is one connection: name one target."});
  }
  if (!errors.empty()) {
    errors.resize(std::min(errors.size(), kProblemsMax));
    return std::unexpected(validation_failed(std::move(errors)));
  }
  const LaidOut laid_out = lay_out_monitor(body);
  const ConfigText text{.name = "body", .text = laid_out.text};
  ConfigReading reading = read_config({&text, 1}, no_references());
  if (!reading.config) {
    return std::unexpected(validation_failed(field_problems(reading.problems, laid_out.pointers)));
  }
  if (reading.config->monitors.size() != 1) {
    return std::unexpected(validation_failed(
        {{.pointer = "", .code = "not_here", .message = "A probe is one monitor's definition."}}));
  }
  Monitor monitor = std::move(reading.config->monitors.front());
  if (monitor.target.is_unix() && !is_operator) {
    return std::unexpected(validation_failed(
        {{.pointer = "/target",
          .code = "operator_only",
          .message = "unix: targets are for the operator's own configuration files only."}}));
  }
  return monitor;
}

}  // namespace tocsin
