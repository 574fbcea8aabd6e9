#include "config/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace tocsin {
namespace {

constexpr std::string_view kForms =
    "known are ${env:NAME}, ${env:NAME:-default} and ${file:/path}; write $${ for a plain ${";
constexpr size_t kShownBytesMax = 80;

std::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::invalid_input, std::move(message));
}

bool is_variable_name(std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::ranges::all_of(name, is_allowed) &&
         !(name.front() >= '0' && name.front() <= '9');
}

Result<std::string> environment_value(std::string_view inside, const ReferenceSource& references) {
  const size_t split = inside.find(":-");
  const std::string name(inside.substr(0, split));
  if (!is_variable_name(name)) {
    return refuse(fmt::format("\"{}\" is not the name of an environment variable",
                              escape_for_display(name, kShownBytesMax)));
  }
  std::optional<std::string> value = references.environment(name);
  if (split == std::string_view::npos) {
    if (!value) {
      return fail(ErrorKind::not_found, fmt::format("environment variable {} is not set", name));
    }
    return std::move(*value);
  }
  // As in a shell: the default also stands in for a variable that is set to nothing.
  return value && !value->empty() ? std::move(*value) : std::string(inside.substr(split + 2));
}

Result<std::string> file_value(std::string_view path, const ReferenceSource& references) {
  if (!path.starts_with('/')) {
    return refuse(fmt::format("the path of ${{file:{}}} must be absolute, from the first /",
                              escape_for_display(path, kShownBytesMax)));
  }
  return references.file(std::filesystem::path(path));
}

Result<std::string> value_of(std::string_view inside, const ReferenceSource& references) {
  if (inside.starts_with("env:")) {
    return environment_value(inside.substr(4), references);
  }
  if (inside.starts_with("file:")) {
    return file_value(inside.substr(5), references);
  }
  // Only the word before the colon is shown: the rest may be part of a password.
  const std::string_view kind = inside.substr(0, inside.find(':'));
  const bool plain = kind.size() < inside.size() && is_variable_name(kind) && kind.size() <= 10;
  return refuse(fmt::format("${{{}}} is not a reference ({})",
                            plain ? fmt::format("{}:...", kind) : "...", kForms));
}

}  // namespace

Result<std::vector<TextPiece>> resolve_pieces(std::string_view written,
                                              const ReferenceSource& references) {
  std::vector<TextPiece> pieces;
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) {
      pieces.push_back({std::exchange(literal, {}), false});
    }
  };
  while (!written.empty()) {
    const size_t dollar = std::min(written.find('$'), written.size());
    literal += written.substr(0, dollar);
    written.remove_prefix(dollar);
    if (written.starts_with("$${")) {
      literal += "${";
      written.remove_prefix(3);
    } else if (written.starts_with("${")) {
      const size_t end = written.find('}');
      if (end == std::string_view::npos) {
        return refuse(
            fmt::format("a reference begins with ${{ and has no closing }} ({})", kForms));
      }
      Result<std::string> value = value_of(written.substr(2, end - 2), references);
      if (!value) {
        return std::unexpected(value.error());
      }
      end_literal();
      pieces.push_back({std::move(*value), true});
      written.remove_prefix(end + 1);
    } else if (!written.empty()) {
      literal += written.front();
      written.remove_prefix(1);
    }
  }
  end_literal();
  return pieces;
}

Result<ResolvedText> joined(const std::vector<TextPiece>& pieces,
                            Result<std::string> (*literal)(std::string_view)) {
  ResolvedText resolved;
  for (const TextPiece& piece : pieces) {
    if (piece.is_reference || literal == nullptr) {
      resolved.text += piece.text;
      resolved.has_reference = resolved.has_reference || piece.is_reference;
      continue;
    }
    const Result<std::string> bytes = literal(piece.text);
    if (!bytes) {
      return std::unexpected(bytes.error());
    }
    resolved.text += *bytes;
  }
  return resolved;
}

Result<ResolvedText> resolve_references(std::string_view written, const ReferenceSource& references,
                                        Result<std::string> (*literal)(std::string_view)) {
  const Result<std::vector<TextPiece>> pieces = resolve_pieces(written, references);
  if (!pieces) {
    return std::unexpected(pieces.error());
  }
  return joined(*pieces, literal);
}

}  // namespace tocsin
