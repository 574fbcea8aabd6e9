#include "config/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace tocsin {
namespace {

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "a text";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "";
}

std::string example_hint(const Field& field) {
  return field.example.empty() ? "" : fmt::format("for example {}: {}", field.name, field.example);
}

}  // namespace

void Reader::error(TextMark at, std::string message, std::string hint) {
  problems_.error(file_, at, std::move(message), std::move(hint));
}

void Reader::warning(TextMark at, std::string message, std::string hint) {
  problems_.warning(file_, at, std::move(message), std::move(hint));
}

void Reader::value_error(const YamlNode& node, const ResolvedText& value, std::string_view field,
                         std::string message, std::string hint) {
  if (value.has_reference) {
    message =
        fmt::format("what {} stands for is no valid {}", escape_for_display(node.text, 80), field);
    hint = "the value is not shown, it may be a secret";
  }
  error(node.mark, std::move(message), std::move(hint));
}

std::optional<ResolvedText> Reader::scalar(const YamlNode& node, std::string_view field) {
  return resolve(node, field, nullptr);
}

std::optional<ResolvedText> Reader::escaped(const YamlNode& node, std::string_view field) {
  return resolve(node, field, &unescape);
}

std::optional<std::vector<TextPiece>> Reader::pieces(const YamlNode& node, std::string_view field) {
  if (node.kind != YamlNode::Kind::scalar) {
    error(node.mark, fmt::format("{} must be a text, here is {}", field, kind_name(node.kind)));
    return std::nullopt;
  }
  Result<std::vector<TextPiece>> pieces = resolve_pieces(node.text, references_);
  if (!pieces) {
    tell_unresolved(node, pieces.error());
    return std::nullopt;
  }
  for (const TextPiece& piece : *pieces) {
    if (piece.is_reference) {
      note_secret(piece.text);
    }
  }
  return std::move(*pieces);
}

void Reader::note_secret(std::string_view bytes) {
  if (notes_secrets_ && std::ranges::find(secrets_, bytes) == secrets_.end()) {
    secrets_.emplace_back(bytes);
  }
}

std::vector<std::string> Reader::take_secrets() {
  notes_secrets_ = false;
  return std::exchange(secrets_, {});
}

void Reader::tell_unresolved(const YamlNode& node, const Error& why) {
  error(node.mark, why.message,
        why.kind == ErrorKind::not_found && node.text.find("${env:") != std::string::npos
            ? "set it, or give a default: ${env:NAME:-default}"
            : "");
}

std::optional<ResolvedText> Reader::resolve(const YamlNode& node, std::string_view field,
                                            Result<std::string> (*literal)(std::string_view)) {
  const std::optional<std::vector<TextPiece>> parts = pieces(node, field);
  if (!parts) {
    return std::nullopt;
  }
  Result<ResolvedText> value = joined(*parts, literal);
  if (!value) {
    tell_unresolved(node, value.error());
    return std::nullopt;
  }
  return std::move(*value);
}

void Reader::wrong_type(const YamlNode& node, const Field& field, std::string_view wanted) {
  if (node.kind == YamlNode::Kind::null) {
    error(node.mark, fmt::format("{} has no value", field.name),
          fmt::format("remove the line, or write {}: {}", field.name, field.example));
    return;
  }
  error(node.mark,
        fmt::format("{} must be {}, here is {}", field.name, wanted, kind_name(node.kind)),
        example_hint(field));
}

std::optional<ResolvedText> Reader::typed_scalar(const YamlNode& node, const Field& field,
                                                 std::string_view wanted) {
  if (node.kind != YamlNode::Kind::scalar) {
    wrong_type(node, field, wanted);
    return std::nullopt;
  }
  return resolve(node, field.name, nullptr);
}

bool Reader::is_shown_text(const YamlNode& node, const ResolvedText& value,
                           std::string_view field) {
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') ||
           c == 0x7F;
  };
  if (is_valid_utf8(value.text) && std::ranges::none_of(value.text, is_control)) {
    return true;
  }
  value_error(node, value, field,
              fmt::format("{} must be a text without control characters", field));
  return false;
}

std::optional<std::string> Reader::text(const YamlNode& node, const Field& field) {
  std::optional<ResolvedText> value = typed_scalar(node, field, "a text");
  if (!value || !is_shown_text(node, *value, field.name)) {
    return std::nullopt;
  }
  if (!is_within(field, static_cast<int64_t>(value->text.size()))) {
    value_error(node, *value, field.name,
                value->text.empty()
                    ? fmt::format("{} must not be empty", field.name)
                    : fmt::format("{} has {} bytes; {} to {} are possible", field.name,
                                  value->text.size(), field.min, field.max));
    return std::nullopt;
  }
  return std::move(value->text);
}

std::optional<std::string> Reader::identifier(const YamlNode& node, const Field& field) {
  std::optional<ResolvedText> value = typed_scalar(node, field, "an id");
  if (!value) {
    return std::nullopt;
  }
  if (std::optional<std::string> wrong = wrong_identifier(value->text)) {
    value_error(node, *value, field.name, std::move(*wrong));
    return std::nullopt;
  }
  return std::move(value->text);
}

bool Reader::is_list(const YamlNode& node, const Field& field) {
  if (node.kind != YamlNode::Kind::sequence) {
    wrong_type(node, field, "a list");
    return false;
  }
  if (!is_within(field, static_cast<int64_t>(node.children.size()))) {
    error(node.mark,
          node.children.empty() ? fmt::format("{} must not be empty", field.name)
                                : fmt::format("{} has {} items; at most {} are possible",
                                              field.name, node.children.size(), field.max),
          node.children.empty() ? example_hint(field) : "");
    return false;
  }
  return true;
}

std::optional<std::vector<std::string>> Reader::text_list(const YamlNode& node,
                                                          const Field& field) {
  if (!is_list(node, field)) {
    return std::nullopt;
  }
  // Names and tags; what is longer is a mistake in the indentation.
  const Field item{
      .name = field.name, .type = FieldType::text, .min = 1, .max = 500, .example = field.example};
  std::vector<std::string> texts;
  bool all_good = true;
  for (const YamlNode& child : node.children) {
    std::optional<std::string> value = text(child, item);
    if (!value) {
      all_good = false;
    } else if (std::ranges::find(texts, *value) != texts.end()) {
      error(child.mark, fmt::format("{} has an item twice", field.name), "keep one of them");
      all_good = false;
    } else {
      texts.push_back(std::move(*value));
    }
  }
  return all_good ? std::optional(std::move(texts)) : std::nullopt;
}

bool Reader::is_map(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::map) {
    return true;
  }
  error(node.mark, node.kind == YamlNode::Kind::null
                       ? fmt::format("{} is empty", what)
                       : fmt::format("{} must be a map of \"key: value\", here is {}", what,
                                     kind_name(node.kind)));
  return false;
}

void Reader::unknown_key(const YamlNode& entry, std::span<const Field> fields,
                         std::string_view what) {
  std::vector<std::string_view> names;
  for (const Field& field : fields) {
    names.push_back(field.name);
  }
  error(entry.key_mark, fmt::format("unknown key {} in {}", shown_text(entry.key), what),
        entry.key == "id" ? "the id is the key above, in front of its colon"
                          : nearest_hint(entry.key, names));
}

}  // namespace tocsin
