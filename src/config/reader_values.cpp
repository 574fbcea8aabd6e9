// The values that a text stands for: durations, numbers, true and false, words of a choice.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "config/reader.h"

namespace tocsin {
namespace {

bool is_plain_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string limits_text(Duration min, Duration max) {
  return min <= 1us ? fmt::format("more than 0s and at most {}", duration_text(max))
                    : fmt::format("{} to {}", duration_text(min), duration_text(max));
}

std::vector<std::string_view> split_choices(std::string_view choices) {
  std::vector<std::string_view> words;
  while (!choices.empty()) {
    const size_t bar = std::min(choices.find('|'), choices.size());
    words.push_back(choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return words;
}

}  // namespace

std::optional<Duration> Reader::duration(const YamlNode& node, const Field& field) {
  const std::optional<ResolvedText> value = typed_scalar(node, field, "a duration");
  if (!value) {
    return std::nullopt;
  }
  const Result<Duration> duration = parse_duration(value->text);
  if (!duration) {
    if (is_plain_number(value->text)) {
      value_error(node, *value, field.name,
                  fmt::format("{} has no unit: {}", field.name, shown_text(value->text)),
                  fmt::format("write {0}s or {0}ms", escape_for_display(value->text, 20)));
    } else {
      value_error(node, *value, field.name,
                  fmt::format("{}: {}", field.name, duration.error().message));
    }
    return std::nullopt;
  }
  if (!is_within(field, duration->count())) {
    value_error(node, *value, field.name,
                fmt::format("{} must be {}, got {}", field.name,
                            limits_text(Duration(field.min), Duration(field.max)), value->text));
    return std::nullopt;
  }
  return *duration;
}

std::optional<int64_t> Reader::number(const YamlNode& node, const Field& field) {
  const std::optional<ResolvedText> value = typed_scalar(node, field, "a number");
  if (!value) {
    return std::nullopt;
  }
  if (node.quoted && !value->has_reference) {
    error(node.mark, fmt::format("{} must be a number, here is a quoted text", field.name),
          "remove the quotes");
    return std::nullopt;
  }
  std::string limits;
  if (field.min != 0 || field.max != 0) {
    limits = field.min == field.max ? fmt::format(" {}", field.min)
                                    : fmt::format(" {}-{}", field.min, field.max);
  }
  int64_t number = 0;
  const char* const end = value->text.data() + value->text.size();
  const auto parsed = std::from_chars(value->text.data(), end, number);
  if (parsed.ec == std::errc::invalid_argument || parsed.ptr != end) {
    value_error(node, *value, field.name,
                fmt::format("{} must be a whole number{}, got {}", field.name, limits,
                            shown_text(value->text)));
    return std::nullopt;
  }
  if (parsed.ec != std::errc() || !is_within(field, number)) {
    value_error(node, *value, field.name,
                fmt::format("{} must be{}, got {}", field.name, limits,
                            escape_for_display(value->text, 80)));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> Reader::boolean(const YamlNode& node, const Field& field) {
  const std::optional<ResolvedText> value = typed_scalar(node, field, "true or false");
  if (!value) {
    return std::nullopt;
  }
  if (!node.quoted || value->has_reference) {
    if (value->text == "true") {
      return true;
    }
    if (value->text == "false") {
      return false;
    }
  }
  value_error(node, *value, field.name,
              fmt::format("{} must be true or false, got {}", field.name, shown_text(value->text)),
              node.quoted ? "remove the quotes" : "");
  return std::nullopt;
}

std::optional<std::string> Reader::choice(const YamlNode& node, const Field& field) {
  const std::vector<std::string_view> words = split_choices(field.choices);
  std::optional<ResolvedText> value =
      typed_scalar(node, field, fmt::format("one of {}", fmt::join(words, ", ")));
  if (!value) {
    return std::nullopt;
  }
  if (std::ranges::find(words, value->text) == words.end()) {
    value_error(
        node, *value, field.name,
        fmt::format("{} must be {}{}, got {}", field.name, words.size() > 1 ? "one of " : "",
                    fmt::join(words, ", "), shown_text(value->text)),
        words.size() > 1 ? nearest_hint(value->text, words) : "");
    return std::nullopt;
  }
  return std::move(value->text);
}

}  // namespace tocsin
