#include "notify/outcome.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/limits.h"

namespace tocsin {

SendOutcome::Kind http_outcome(long status) {
  if (status >= 200 && status < 300) {
    return SendOutcome::Kind::delivered;
  }
  return status == 410 || status == 413 ? SendOutcome::Kind::rejected : SendOutcome::Kind::retry;
}

SendOutcome::Kind smtp_outcome(long code) {
  if (code >= 200 && code < 300) {
    return SendOutcome::Kind::delivered;
  }
  constexpr std::array kCredentials = {530L, 534L, 535L, 538L};
  const bool is_final = code >= 500 && code < 600 && !std::ranges::count(kCredentials, code);
  return is_final ? SendOutcome::Kind::rejected : SendOutcome::Kind::retry;
}

std::optional<Duration> parse_retry_after(std::string_view value, SystemTime now) {
  constexpr size_t kDateBytesMax = 64;
  using std::chrono::seconds;
  const size_t first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos || value.size() > kDateBytesMax) {
    return std::nullopt;
  }
  value = value.substr(first, value.find_last_not_of(" \t\r\n") - first + 1);
  const auto capped = [](seconds wait) -> std::optional<Duration> {
    if (wait <= seconds(0)) {
      return std::nullopt;
    }
    return std::min<seconds>(wait, std::chrono::duration_cast<seconds>(kRetryAfterMax));
  };
  if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    int64_t count = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), count);
    return capped(read.ec == std::errc() ? seconds(count) : seconds::max());
  }
  const time_t at = curl_getdate(std::string(value).c_str(), nullptr);
  if (at < 0) {
    return std::nullopt;
  }
  const auto now_seconds = std::chrono::floor<seconds>(now).time_since_epoch();
  return capped(seconds(at) - now_seconds);
}

}  // namespace tocsin
