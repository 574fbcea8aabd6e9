#include "api/body_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/json_writer.h"

namespace tocsin {
namespace {

// YAML reads keys up to 1,024 bytes on one line; no field's name is near.
constexpr size_t kKeyBytesMax = 200;
constexpr size_t kFieldProblemsMax = 100;

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

std::vector<FieldProblem> told(std::span<const ConfigProblem> problems, const LaidOut& laid_out,
                               bool warnings) {
  const std::vector<std::string>& pointers = laid_out.pointers;
  std::vector<FieldProblem> errors;
  for (const ConfigProblem& problem : problems) {
    if (problem.is_warning != warnings || errors.size() >= kFieldProblemsMax) {
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

LaidOut lay_out(const BodyValue& body, std::string_view before, std::string_view after) {
  LaidOut out;
  Layout layout(out);
  layout.raw(before);
  layout.value(body, "");
  layout.raw(after);
  return out;
}

std::vector<FieldProblem> operator_words(const BodyValue& body) {
  std::vector<FieldProblem> errors;
  find_refused(body, "", errors);
  errors.resize(std::min(errors.size(), kFieldProblemsMax));
  return errors;
}

ReferenceSource no_references() {
  return {.environment = [](const std::string&) { return std::nullopt; },
          .file = [](const std::filesystem::path&) -> Result<std::string> {
            return fail(ErrorKind::forbidden, "The API reads no files.");
          }};
}

std::vector<FieldProblem> field_problems(std::span<const ConfigProblem> problems,
                                         const LaidOut& laid_out) {
  return told(problems, laid_out, false);
}

std::vector<FieldProblem> field_warnings(std::span<const ConfigProblem> problems,
                                         const LaidOut& laid_out) {
  return told(problems, laid_out, true);
}

}  // namespace tocsin
