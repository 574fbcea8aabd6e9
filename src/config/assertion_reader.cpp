#include "config/assertion_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/other_fields.h"
#include "core/assert.h"

namespace tocsin {
namespace {

bool is_time(AssertionSource source) {
  return source == AssertionSource::response_time || source == AssertionSource::connect_time ||
         source == AssertionSource::dns_time || source == AssertionSource::tls_time;
}

std::optional<Assertion> read_line(Reader& reader, const YamlNode& node, const Field& field) {
  const std::optional<ResolvedText> line = reader.scalar(node, field.name);
  if (!line) {
    return std::nullopt;
  }
  Result<Assertion> assertion = parse_assertion(line->text);
  if (!assertion) {
    reader.value_error(node, *line, "assertion", assertion.error().message);
    return std::nullopt;
  }
  return std::move(*assertion);
}

// Times are kept in microseconds, whatever the unit they are written in.
std::optional<std::string> target_of(Reader& reader, const YamlNode& node, const Field& field,
                                     AssertionSource source) {
  std::optional<ResolvedText> value = reader.scalar(node, field.name);
  if (!value || !is_time(source)) {
    return value ? std::optional(std::move(value->text)) : std::nullopt;
  }
  const Result<Duration> time = parse_duration(value->text);
  if (!time) {
    reader.value_error(node, *value, field.name, time.error().message);
    return std::nullopt;
  }
  return fmt::format("{}", time->count());
}

void require_rows(Reader& reader, const YamlNode& node) {
  for (const Field& row : assertion_fields()) {
    if (row.required && node.find(row.name) == nullptr) {
      reader.error(node.mark, fmt::format("an assertion needs a {}", row.name),
                   fmt::format("for example {}: {}", row.name, row.example));
    }
  }
}

std::optional<Assertion> read_map_form(Reader& reader, const YamlNode& node) {
  Assertion assertion;
  const YamlNode* target = nullptr;
  const size_t errors = reader.errors();
  read_map(reader, node, assertion_fields(), "an assertion",
           [&](const YamlNode& entry, const Field& field) {
             if (field.name == "source") {
               if (const auto word = reader.choice(entry, field)) {
                 assertion.source = *source_from_name(*word);
               }
             } else if (field.name == "comparison") {
               if (const auto word = reader.choice(entry, field)) {
                 assertion.comparison = *comparison_from_name(*word);
               }
             } else if (field.name == "property") {
               assertion.property = reader.text(entry, field).value_or("");
             } else {
               target = &entry;
             }
           });
  if (errors == reader.errors()) {
    require_rows(reader, node);
  }
  if (errors == reader.errors() && target != nullptr) {
    const Field& row = *find_field(assertion_fields(), "target");
    assertion.target = target_of(reader, *target, row, assertion.source).value_or("");
  }
  if (errors != reader.errors()) {
    return std::nullopt;
  }
  if (target == nullptr && comparison_takes_target(assertion.comparison)) {
    reader.error(node.mark,
                 fmt::format("{} needs a target", comparison_name(assertion.comparison)));
    return std::nullopt;
  }
  // What stands behind a reference may be in this message.
  if (const Result<void> checked = check_assertion(assertion); !checked) {
    reader.error(node.mark, std::ranges::any_of(node.children, has_reference)
                                ? "what the references stand for makes no assertion"
                                : checked.error().message);
    return std::nullopt;
  }
  return assertion;
}

// `- response_data contains "a: b"` is a map for YAML, because of the colon.
bool looks_like_a_line(const YamlNode& node) {
  return node.kind == YamlNode::Kind::map && !node.children.empty() &&
         node.children.front().key.find(' ') != std::string::npos;
}

}  // namespace

std::optional<std::vector<Assertion>> read_assertions(Reader& reader, const YamlNode& node,
                                                      const Field& field) {
  if (!reader.is_list(node, field)) {
    return std::nullopt;
  }
  std::vector<Assertion> assertions;
  for (const YamlNode& item : node.children) {
    if (looks_like_a_line(item)) {
      reader.error(item.mark, "an assertion with \": \" in it is not one text for YAML",
                   "put the whole line in single quotes");
      continue;
    }
    std::optional<Assertion> assertion = item.kind == YamlNode::Kind::map
                                             ? read_map_form(reader, item)
                                             : read_line(reader, item, field);
    if (assertion) {
      assertions.push_back(std::move(*assertion));
    }
  }
  return assertions;
}

}  // namespace tocsin
