#include "config/request_reader.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "config/other_fields.h"
#include "core/json_path.h"
#include "core/pattern.h"
#include "core/request_check.h"
#include "core/send_text.h"

namespace tocsin {
namespace {

std::optional<std::string> decoded(Reader& reader, const YamlNode& node, const Field& field,
                                   Result<std::string> (*decode)(std::string_view)) {
  const std::optional<ResolvedText> value = reader.scalar(node, field.name);
  if (!value) {
    return std::nullopt;
  }
  Result<std::string> bytes = decode(value->text);
  if (!bytes) {
    reader.value_error(node, *value, field.name, bytes.error().message);
    return std::nullopt;
  }
  if (value->has_reference) {
    reader.note_secret(*bytes);
  }
  return std::move(*bytes);
}

std::optional<std::string> escaped_text(Reader& reader, const YamlNode& node,
                                        std::string_view field) {
  std::optional<ResolvedText> value = reader.escaped(node, field);
  return value ? std::optional(std::move(value->text)) : std::nullopt;
}

// A text with escapes and captures. What a reference stands for is taken as it is.
std::optional<SendStep> read_send_text(Reader& reader, const YamlNode& node,
                                       std::string_view field) {
  const std::optional<std::vector<TextPiece>> pieces = reader.pieces(node, field);
  if (!pieces) {
    return std::nullopt;
  }
  SendStep step;
  for (const TextPiece& piece : *pieces) {
    if (piece.is_reference) {
      step.bytes += piece.text;
    } else if (const Result<void> added = add_send_text(piece.text, step); !added) {
      reader.error(node.mark, added.error().message);
      return std::nullopt;
    }
  }
  return step;
}

// A text, or a map with one of text, hex, base64.
std::optional<SendStep> read_send(Reader& reader, const YamlNode& node) {
  if (node.kind != YamlNode::Kind::map) {
    return read_send_text(reader, node, "send");
  }
  std::optional<SendStep> step;
  const size_t errors = reader.errors();
  read_map(reader, node, send_fields(), "send", [&](const YamlNode& entry, const Field& field) {
    if (field.name == "text") {
      step = read_send_text(reader, entry, field.name);
    } else if (auto bytes =
                   decoded(reader, entry, field, field.name == "hex" ? &from_hex : &from_base64)) {
      step = SendStep{std::move(*bytes)};
    }
  });
  if (errors == reader.errors() && node.children.size() != 1) {
    reader.error(node.mark, "send takes one of text, hex and base64");
    return std::nullopt;
  }
  return step;
}

bool is_pattern(Reader& reader, const YamlNode& node, std::string_view name,
                const ResolvedText& pattern) {
  const Result<void> compiled = Pattern::check(pattern.text);
  if (!compiled) {
    reader.value_error(node, pattern, name, fmt::format("{}: {}", name, compiled.error().message));
  }
  return compiled.has_value();
}

std::optional<std::vector<std::string>> read_refuse(Reader& reader, const YamlNode& node,
                                                    const Field& field) {
  if (!reader.is_list(node, field)) {
    return std::nullopt;
  }
  std::vector<std::string> patterns;
  for (const YamlNode& item : node.children) {
    std::optional<ResolvedText> pattern = reader.scalar(item, field.name);
    if (!pattern || !is_pattern(reader, item, field.name, *pattern)) {
      return std::nullopt;
    }
    patterns.push_back(std::move(pattern->text));
  }
  return patterns;
}

// An expect while it is read: of either kind, by the keys that it has.
struct ExpectDraft {
  ExpectStep bytes;
  ExpectJsonStep json;
};

void set_expect_field(Reader& reader, const YamlNode& node, const Field& field,
                      ExpectDraft& draft) {
  if (field.name == "text") {
    draft.bytes.pattern = escaped_text(reader, node, field.name).value_or("");
  } else if (field.name == "regex") {
    const std::optional<ResolvedText> pattern = reader.scalar(node, field.name);
    if (pattern && is_pattern(reader, node, field.name, *pattern)) {
      draft.bytes.pattern = pattern->text;
      draft.bytes.is_regex = true;
    }
  } else if (field.name == "json") {
    const std::optional<ResolvedText> path = reader.scalar(node, field.name);
    if (path) {
      const Result<void> sound = check_json_path(path->text);
      if (!sound) {
        reader.value_error(node, *path, field.name, sound.error().message);
      }
      draft.json.path = path->text;
    }
  } else if (field.name == "is") {
    const std::optional<ResolvedText> value = reader.scalar(node, field.name);
    draft.json.is = value ? value->text : "";
  } else {
    draft.bytes.refuse = draft.json.refuse =
        read_refuse(reader, node, field).value_or(std::vector<std::string>{});
  }
}

void check_expect_bytes(Reader& reader, const YamlNode& node, const ExpectStep& step) {
  if (step.pattern.empty()) {
    reader.error(node.mark, "expect is empty; it would be met before anything came");
  } else if (!step.is_regex && step.pattern.size() > kPatternBytesMax) {
    reader.error(node.mark, fmt::format("expect has {} bytes; at most {} are possible",
                                        step.pattern.size(), kPatternBytesMax));
  }
}

std::optional<Step> read_expect(Reader& reader, const YamlNode& node) {
  ExpectDraft draft;
  const size_t errors = reader.errors();
  const bool is_map = node.kind == YamlNode::Kind::map;
  const bool is_json = is_map && node.find("json") != nullptr;
  if (!is_map) {
    draft.bytes.pattern = escaped_text(reader, node, "expect").value_or("");
  } else {
    read_map(reader, node, expect_fields(), "expect",
             [&](const YamlNode& entry, const Field& field) {
               set_expect_field(reader, entry, field, draft);
             });
    const int kinds = (node.find("text") != nullptr ? 1 : 0) +
                      (node.find("regex") != nullptr ? 1 : 0) + (is_json ? 1 : 0);
    if (errors == reader.errors() && kinds != 1) {
      reader.error(node.mark, "expect takes one of text, regex and json");
    }
    if (errors == reader.errors() && !is_json && node.find("is") != nullptr) {
      reader.error(node.mark, "is says what json finds",
                   "for example { json: \"$.status\", is: ready }");
    }
  }
  if (errors == reader.errors() && !is_json) {
    check_expect_bytes(reader, node, draft.bytes);
  }
  if (errors != reader.errors()) {
    return std::nullopt;
  }
  return is_json ? Step(std::move(draft.json)) : Step(std::move(draft.bytes));
}

std::optional<Step> read_entry(Reader& reader, const YamlNode& entry, const Field& field) {
  if (field.name == "send") {
    std::optional<SendStep> send = read_send(reader, entry);
    if (send && send->bytes.empty() && send->captures.empty()) {
      reader.error(entry.mark, "send has no bytes");
      return std::nullopt;
    }
    return send ? std::optional<Step>(std::move(*send)) : std::nullopt;
  }
  if (field.name == "expect") {
    return read_expect(reader, entry);
  }
  const std::optional<bool> wanted = reader.boolean(entry, field);
  if (wanted && !*wanted) {
    reader.error(entry.mark, "a starttls step that is false does nothing", "remove the step");
  }
  return wanted && *wanted ? std::optional<Step>(StarttlsStep{}) : std::nullopt;
}

std::optional<Step> read_step(Reader& reader, const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar && node.text == "starttls") {
    return StarttlsStep{};
  }
  if (node.kind == YamlNode::Kind::map && node.children.size() != 1) {
    reader.error(node.mark, "a step of request has one of send, expect and starttls",
                 "put each of them behind a \"- \" of its own");
    return std::nullopt;
  }
  std::optional<Step> step;
  read_map(
      reader, node, step_fields(), "a step of request",
      [&](const YamlNode& entry, const Field& field) { step = read_entry(reader, entry, field); });
  return step;
}

}  // namespace

std::optional<std::vector<Step>> read_request(Reader& reader, const YamlNode& node,
                                              const Field& field) {
  std::vector<Step> steps;
  const size_t errors = reader.errors();
  if (node.kind == YamlNode::Kind::scalar) {
    std::optional<SendStep> send = read_send_text(reader, node, field.name);
    if (!send) {
      return std::nullopt;
    }
    if (!send->bytes.empty() || !send->captures.empty()) {
      steps.emplace_back(std::move(*send));
    }
  } else if (!reader.is_list(node, field)) {
    return std::nullopt;
  } else {
    for (const YamlNode& item : node.children) {
      if (std::optional<Step> step = read_step(reader, item)) {
        steps.push_back(std::move(*step));
      }
    }
  }
  if (errors != reader.errors()) {
    return std::nullopt;  // which step is which is not known
  }
  if (const auto fault = find_request_fault(steps)) {
    const bool is_list = node.kind == YamlNode::Kind::sequence;
    reader.error((is_list ? node.children[fault->step] : node).mark, fault->message, fault->hint);
    return std::nullopt;
  }
  size_t bytes = 0;
  for (const Step& step : steps) {
    const auto* const send = std::get_if<SendStep>(&step);
    bytes += send != nullptr ? send->bytes.size() : 0;
  }
  if (bytes > kSendBytesMax) {
    reader.error(node.mark, fmt::format("request sends {} bytes; at most {} are possible", bytes,
                                        kSendBytesMax));
    return std::nullopt;
  }
  return steps;
}

}  // namespace tocsin
