#include "api/url.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace tocsin {
namespace {

Problem bad_target(std::string_view why) {
  return {.status = 400,
          .code = "bad_request_target",
          .detail = fmt::format("The request path is refused: {}.", why)};
}

bool is_fit_text(std::string_view text) {
  return is_valid_utf8(text) && std::ranges::none_of(text, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

// The pieces between `separator`s; an empty text is one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const size_t at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return pieces;
    }
    text.remove_prefix(at + 1);
  }
}

std::expected<std::vector<std::string>, Problem> read_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") {
    return segments;
  }
  for (const std::string_view piece : split(path.substr(1), '/')) {
    auto segment = percent_decode(piece, false);
    if (!segment || !is_fit_text(*segment)) {
      return std::unexpected(bad_target("a part of it is not percent-encoded UTF-8 text"));
    }
    if (*segment == "." || *segment == "..") {
      return std::unexpected(bad_target("\".\" and \"..\" are not followed"));
    }
    segments.push_back(std::move(*segment));
    if (segments.size() > kPathSegmentsMax) {
      return std::unexpected(bad_target("it has too many parts"));
    }
  }
  return segments;
}

std::expected<std::vector<NamedValue>, Problem> read_query(std::string_view text) {
  std::vector<NamedValue> query;
  if (text.empty()) {
    return query;
  }
  for (const std::string_view piece : split(text, '&')) {
    const size_t equals = piece.find('=');
    auto name = percent_decode(piece.substr(0, equals), true);
    auto value = percent_decode(
        equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1), true);
    if (!name || !value || name->empty() || !is_fit_text(*name) || !is_fit_text(*value)) {
      return std::unexpected(
          bad_target("the query is not name=value pairs in percent-encoded UTF-8"));
    }
    if (std::ranges::find(query, *name, &NamedValue::first) != query.end()) {
      return std::unexpected(
          bad_target(fmt::format("the query says \"{}\" twice", escape_for_display(*name, 60))));
    }
    query.emplace_back(std::move(*name), std::move(*value));
    if (query.size() > kQueryParametersMax) {
      return std::unexpected(bad_target("the query has too many parameters"));
    }
  }
  return query;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::expected<UrlParts, Problem> read_target(std::string_view target) {
  if (target.size() > kTargetBytesMax) {
    return std::unexpected(Problem{
        .status = 414,
        .code = "target_too_long",
        .detail = fmt::format("The request path is longer than {} bytes.", kTargetBytesMax)});
  }
  if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos) {
    return std::unexpected(bad_target("it must begin with \"/\" and have no fragment"));
  }
  const size_t mark = target.find('?');
  auto segments = read_path(target.substr(0, mark));
  if (!segments) {
    return std::unexpected(segments.error());
  }
  auto query =
      read_query(mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
  if (!query) {
    return std::unexpected(query.error());
  }
  return UrlParts{.segments = std::move(*segments), .query = std::move(*query)};
}

}  // namespace tocsin
