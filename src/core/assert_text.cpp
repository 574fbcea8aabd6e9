// The text form of an assertion, both ways: source[(property)] comparison [target]. What
// parse_assertion accepts is a sound assertion (check_assertion), and what assertion_text writes of
// it reads back to the same value.
//
//   response_time < 200ms                a time needs its unit
//   response_data contains "+PONG"       JSON escapes, and \xHH for a byte
//   response_data(load=(\d+)) < 5        a property as it is, if its parentheses balance
//   response_data("[(](\\d+)") == 7      or in quotes when they do not
//   error_code == tcp_refused            one word needs no quotes
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/assert.h"
#include "core/assert_compare.h"
#include "core/number_text.h"
#include "core/quoted_text.h"

namespace tocsin {
namespace {

// Longest target and property, every byte escaped, with room.
constexpr size_t kAssertionBytesMax = 64_KiB;
constexpr size_t kShownBytesMax = 60;
constexpr size_t kSuggestionDistance = 3;  // further away it is another word, not a slip
constexpr uint8_t kSourceLast = static_cast<uint8_t>(AssertionSource::error_code);
constexpr uint8_t kComparisonLast = static_cast<uint8_t>(Comparison::not_null);
constexpr std::string_view kSpace = " \t\r\n";

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorKind::invalid_input, std::move(message));
}

template <class Enum>
std::vector<std::string_view> names_up_to(uint8_t last, std::string_view (*name)(Enum)) {
  std::vector<std::string_view> names;
  for (uint8_t value = 1; value <= last; ++value) {
    names.push_back(name(static_cast<Enum>(value)));
  }
  return names;
}

// `"respons_time" is not a source; did you mean "response_time"? Known are: ...`
Error unknown_word(std::string_view word, std::string_view what,
                   const std::vector<std::string_view>& names, std::string_view also) {
  const auto nearest = std::ranges::min_element(
      names, {}, [&](std::string_view name) { return edit_distance(name, word); });
  std::string message =
      fmt::format("\"{}\" is not a {}", escape_for_display(word, kShownBytesMax), what);
  message += edit_distance(*nearest, word) <= kSuggestionDistance && word.size() > 1
                 ? fmt::format("; did you mean \"{}\"?", *nearest)
                 : ".";
  return {ErrorKind::invalid_input,
          fmt::format("{} Known are: {}{}", message, also, fmt::join(names, ", "))};
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where a raw property ends: the position of its closing parenthesis, which `text` (behind the
// opening one) must have.
std::optional<size_t> closing_parenthesis(std::string_view text) {
  int depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '(') {
      ++depth;
    } else if (text[at] == ')' && depth-- == 0) {
      return at;
    }
  }
  return std::nullopt;
}

class AssertionReader {
 public:
  explicit AssertionReader(std::string_view text) : rest_(text) {}

  Result<Assertion> read() {
    Assertion assertion;
    if (Result<void> source = read_source(assertion); !source) {
      return std::unexpected(source.error());
    }
    if (Result<void> property = read_property(assertion); !property) {
      return std::unexpected(property.error());
    }
    if (Result<void> comparison = read_comparison(assertion); !comparison) {
      return std::unexpected(comparison.error());
    }
    if (Result<void> target = read_target(assertion); !target) {
      return std::unexpected(target.error());
    }
    if (Result<void> check = check_assertion(assertion); !check) {
      return std::unexpected(check.error());
    }
    return assertion;
  }

 private:
  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
  }
  std::string_view take(size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::string_view take_word() {
    return take(static_cast<size_t>(std::ranges::find_if_not(rest_, is_word_byte) - rest_.begin()));
  }

  Result<void> read_source(Assertion& assertion) {
    skip_space();
    if (rest_.empty()) {
      return wrong("an assertion is expected, for example: response_time < 200ms");
    }
    std::string_view word = take_word();
    if (word.empty()) {
      word = rest_.substr(0, rest_.find_first_of(kSpace));
    }
    const std::optional<AssertionSource> source = source_from_name(word);
    if (!source) {
      return std::unexpected(
          unknown_word(word, "source", names_up_to(kSourceLast, source_name), ""));
    }
    assertion.source = *source;
    return {};
  }

  Result<void> read_property(Assertion& assertion) {
    skip_space();
    if (!rest_.starts_with('(')) {
      return {};
    }
    take(1);
    if (rest_.starts_with('"')) {
      Result<QuotedText> quoted = read_quoted(rest_);
      if (!quoted) {
        return wrong("the property: " + quoted.error().message);
      }
      take(quoted->size);
      if (!rest_.starts_with(')')) {
        return wrong("\")\" is expected behind the quoted property");
      }
      assertion.property = std::move(quoted->bytes);
      take(1);
    } else {
      const std::optional<size_t> end = closing_parenthesis(rest_);
      if (!end) {
        return wrong(
            "the \")\" of the property is missing; put a property with unbalanced parentheses in "
            "double quotes");
      }
      assertion.property = std::string(take(*end));
      take(1);
    }
    return assertion.property.empty() ? Result<void>(wrong("the property between ( and ) is empty"))
                                      : Result<void>();
  }

  Result<void> read_comparison(Assertion& assertion) {
    skip_space();
    if (rest_.empty()) {
      return wrong(fmt::format("a comparison is expected behind {}, for example: {}",
                               source_name(assertion.source),
                               is_time(assertion.source) ? "< 200ms" : "contains \"OK\""));
    }
    std::string_view word = take_word();
    if (word.empty()) {
      const size_t size = rest_.find_first_not_of("=!<>~");
      word = take(size == 0 ? 1 : std::min(size, rest_.size()));
    }
    const std::optional<Comparison> comparison = comparison_from_name(word);
    if (!comparison) {
      return std::unexpected(unknown_word(
          word, "comparison", names_up_to(kComparisonLast, comparison_name), "==, !=, <, >, "));
    }
    assertion.comparison = *comparison;
    return {};
  }

  Result<void> read_target(Assertion& assertion) {
    skip_space();
    const std::string_view comparison = comparison_name(assertion.comparison);
    const size_t last = rest_.find_last_not_of(kSpace);
    rest_ = rest_.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (!comparison_takes_target(assertion.comparison)) {
      return rest_.empty() ? Result<void>()
                           : wrong(fmt::format("nothing may follow {}, but \"{}\" does", comparison,
                                               escape_for_display(rest_, kShownBytesMax)));
    }
    if (rest_.empty()) {
      return wrong(fmt::format("a value is expected behind {}", comparison));
    }
    Result<std::string> value = read_value();
    if (!value) {
      return std::unexpected(value.error());
    }
    assertion.target = *std::move(value);
    if (is_time(assertion.source)) {
      const Result<Duration> time = parse_duration(assertion.target);
      if (!time) {
        return std::unexpected(time.error());
      }
      assertion.target = fmt::format("{}", time->count());
    }
    return {};
  }

  Result<std::string> read_value() {
    if (rest_.starts_with('"')) {
      Result<QuotedText> quoted = read_quoted(rest_);
      if (!quoted) {
        return wrong("the value: " + quoted.error().message);
      }
      take(quoted->size);
      skip_space();
      if (!rest_.empty()) {
        return wrong(fmt::format("nothing may follow the quoted value, but \"{}\" does",
                                 escape_for_display(rest_, kShownBytesMax)));
      }
      return std::move(quoted->bytes);
    }
    if (rest_.starts_with('\'') || rest_.find_first_of(kSpace) != std::string_view::npos) {
      return wrong(fmt::format("put the value in double quotes: {} is not one word",
                               escape_for_display(rest_, kShownBytesMax)));
    }
    return std::string(rest_);
  }

  std::string_view rest_;
};

std::string property_text(const std::string& property) {
  if (property.empty()) {
    return {};
  }
  const bool raw =
      !property.starts_with('"') && closing_parenthesis(property + ")") == property.size();
  return fmt::format("({})", raw ? property : quote_text(property));
}

std::string_view comparison_text(Comparison comparison) {
  switch (comparison) {
    case Comparison::equals:
      return "==";
    case Comparison::not_equals:
      return "!=";
    case Comparison::less_than:
      return "<";
    case Comparison::greater_than:
      return ">";
    default:
      return comparison_name(comparison);
  }
}

std::string target_text(const Assertion& assertion) {
  const std::string& target = assertion.target;
  if (is_time(assertion.source)) {
    int64_t value = 0;
    const auto read = std::from_chars(target.data(), target.data() + target.size(), value);
    if (read.ec == std::errc() && read.ptr == target.data() + target.size()) {
      return duration_text(Duration(value));
    }
  }
  const bool bare = assertion.source == AssertionSource::cert_days_left ||
                    assertion.source == AssertionSource::bytes_received ||
                    assertion.comparison == Comparison::less_than ||
                    assertion.comparison == Comparison::greater_than;
  return bare && is_number(target) && target.find_first_of(kSpace) == std::string::npos
             ? target
             : quote_text(target);
}

}  // namespace

Result<Assertion> parse_assertion(std::string_view text) {
  if (text.size() > kAssertionBytesMax) {
    return wrong(fmt::format("the assertion has {} bytes; at most {} are allowed", text.size(),
                             kAssertionBytesMax));
  }
  return AssertionReader(text).read();
}

std::string assertion_text(const Assertion& assertion) {
  std::string text =
      fmt::format("{}{} {}", source_name(assertion.source), property_text(assertion.property),
                  comparison_text(assertion.comparison));
  if (comparison_takes_target(assertion.comparison)) {
    text += ' ' + target_text(assertion);
  }
  return text;
}

}  // namespace tocsin
