#include "cli/flag_values.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"

namespace tocsin::cli {

Error at_flag(const std::string& flag, const Error& error) {
  return Error{ErrorKind::invalid_input, fmt::format("--{}: {}", flag, error.message)};
}

Result<Duration> read_duration(const Arguments& arguments, const std::string& flag,
                               Duration otherwise, Duration min, Duration max) {
  const std::optional<std::string> text = arguments.value(flag);
  if (!text) {
    return otherwise;
  }
  const Result<Duration> value = parse_duration(*text);
  if (!value) {
    return std::unexpected(at_flag(flag, value.error()));
  }
  if (*value < min || *value > max) {
    return fail(ErrorKind::invalid_input,
                fmt::format("--{} must be {} to {}, got {}", flag, duration_text(min),
                            duration_text(max), duration_text(*value)));
  }
  return *value;
}

Result<size_t> read_number(const Arguments& arguments, const std::string& flag, size_t otherwise,
                           size_t min, size_t max) {
  const std::optional<std::string> text = arguments.value(flag);
  if (!text) {
    return otherwise;
  }
  size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < min || number > max) {
    return fail(ErrorKind::invalid_input,
                fmt::format("--{} must be a whole number from {} to {}, got '{}'", flag, min, max,
                            escape_for_display(*text, 50)));
  }
  return number;
}

Result<IpFamily> read_family(const Arguments& arguments) {
  const bool v4 = arguments.has("ipv4");
  const bool v6 = arguments.has("ipv6");
  if (v4 && v6) {
    return fail(ErrorKind::invalid_input, "-4 and -6 exclude each other");
  }
  if (v4 || v6) {
    return v4 ? IpFamily::ipv4 : IpFamily::ipv6;
  }
  return Monitor{}.ip_family;
}

}  // namespace tocsin::cli
