#include "api/paging.h"

#include <fmt/format.h>

#include <charconv>

#include "base/bytes.h"

namespace tocsin {

std::optional<uint64_t> whole_number(std::string_view text) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end) {
    return std::nullopt;
  }
  return value;
}

std::expected<size_t, FieldProblem> page_limit(const ApiRequest& request) {
  const auto text = request.query_value("limit");
  if (!text) {
    return kPageDefault;
  }
  const auto value = whole_number(*text);
  if (!value || *value < 1 || *value > kPageMax) {
    return std::unexpected(FieldProblem{
        .pointer = "?limit",
        .code = "out_of_range",
        .message = fmt::format("limit must be a whole number from 1 to {}, got \"{}\".", kPageMax,
                               escape_for_display(*text, 40))});
  }
  return static_cast<size_t>(*value);
}

FieldProblem bad_cursor() {
  return {.pointer = "?cursor",
          .code = "invalid_cursor",
          .message = "cursor must be the next_cursor of an earlier answer, unchanged."};
}

FieldProblem invalid_choice(std::string_view name, std::string_view choices, std::string_view got) {
  return {.pointer = fmt::format("?{}", name),
          .code = "invalid_choice",
          .message = fmt::format("{} must be {}, got \"{}\".", name, choices,
                                 escape_for_display(got, 40))};
}

std::expected<std::optional<SystemTime>, FieldProblem> query_time(const ApiRequest& request,
                                                                  std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) {
    return std::nullopt;
  }
  const auto time = parse_rfc3339(*text);
  if (!time) {
    return std::unexpected(FieldProblem{
        .pointer = fmt::format("?{}", name),
        .code = "invalid_time",
        .message = fmt::format("{} must be a time like 2026-11-21T14:03:20Z, got \"{}\".", name,
                               escape_for_display(*text, 40))});
  }
  return *time;
}

std::expected<std::optional<bool>, FieldProblem> query_flag(const ApiRequest& request,
                                                            std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) {
    return std::nullopt;
  }
  if (*text != "true" && *text != "false") {
    return std::unexpected(
        FieldProblem{.pointer = fmt::format("?{}", name),
                     .code = "invalid_choice",
                     .message = fmt::format("{} must be true or false, got \"{}\".", name,
                                            escape_for_display(*text, 40))});
  }
  return *text == "true";
}

}  // namespace tocsin
