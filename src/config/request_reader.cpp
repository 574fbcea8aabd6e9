#include "config/request_reader.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "config/other_fields.h"
#include "core/pattern.h"

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
  return std::move(*bytes);
}

std::optional<std::string> escaped_text(Reader& reader, const YamlNode& node,
                                        std::string_view field) {
  std::optional<ResolvedText> value = reader.escaped(node, field);
  return value ? std::optional(std::move(value->text)) : std::nullopt;
}

// A text, or a map with one of text, hex, base64.
std::optional<std::string> read_send(Reader& reader, const YamlNode& node) {
  if (node.kind != YamlNode::Kind::map) {
    return escaped_text(reader, node, "send");
  }
  std::optional<std::string> bytes;
  const size_t errors = reader.errors();
  read_map(reader, node, send_fields(), "send", [&](const YamlNode& entry, const Field& field) {
    if (field.name == "text") {
      bytes = escaped_text(reader, entry, field.name);
    } else {
      bytes = decoded(reader, entry, field, field.name == "hex" ? &from_hex : &from_base64);
    }
  });
  if (errors == reader.errors() && node.children.size() != 1) {
    reader.error(node.mark, "send takes one of text, hex and base64");
    return std::nullopt;
  }
  return bytes;
}

bool is_pattern(Reader& reader, const YamlNode& node, std::string_view name,
                const ResolvedText& pattern) {
  const Result<Pattern> compiled = Pattern::compile(pattern.text);
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

void set_expect_field(Reader& reader, const YamlNode& node, const Field& field, ExpectStep& step) {
  if (field.name == "text") {
    step.pattern = escaped_text(reader, node, field.name).value_or("");
  } else if (field.name == "regex") {
    const std::optional<ResolvedText> pattern = reader.scalar(node, field.name);
    if (pattern && is_pattern(reader, node, field.name, *pattern)) {
      step.pattern = pattern->text;
      step.is_regex = true;
    }
  } else {
    step.refuse = read_refuse(reader, node, field).value_or(std::vector<std::string>{});
  }
}

std::optional<ExpectStep> read_expect(Reader& reader, const YamlNode& node) {
  ExpectStep step;
  const size_t errors = reader.errors();
  if (node.kind == YamlNode::Kind::map) {
    read_map(reader, node, expect_fields(), "expect",
             [&](const YamlNode& entry, const Field& field) {
               set_expect_field(reader, entry, field, step);
             });
    if (errors == reader.errors() &&
        (node.find("text") != nullptr) == (node.find("regex") != nullptr)) {
      reader.error(node.mark, "expect takes one of text and regex");
    }
  } else {
    step.pattern = escaped_text(reader, node, "expect").value_or("");
  }
  if (errors == reader.errors() && step.pattern.empty()) {
    reader.error(node.mark, "expect is empty; it would be met before anything came");
  }
  if (errors == reader.errors() && !step.is_regex && step.pattern.size() > kPatternBytesMax) {
    reader.error(node.mark, fmt::format("expect has {} bytes; at most {} are possible",
                                        step.pattern.size(), kPatternBytesMax));
  }
  return errors == reader.errors() ? std::optional(std::move(step)) : std::nullopt;
}

std::optional<Step> read_entry(Reader& reader, const YamlNode& entry, const Field& field) {
  if (field.name == "send") {
    std::optional<std::string> bytes = read_send(reader, entry);
    if (bytes && bytes->empty()) {
      reader.error(entry.mark, "send has no bytes");
      return std::nullopt;
    }
    return bytes ? std::optional<Step>(SendStep{std::move(*bytes)}) : std::nullopt;
  }
  if (field.name == "expect") {
    std::optional<ExpectStep> step = read_expect(reader, entry);
    return step ? std::optional<Step>(std::move(*step)) : std::nullopt;
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
  if (node.kind == YamlNode::Kind::scalar) {
    std::optional<std::string> bytes = escaped_text(reader, node, field.name);
    if (!bytes) {
      return std::nullopt;
    }
    if (!bytes->empty()) {
      steps.emplace_back(SendStep{std::move(*bytes)});
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
