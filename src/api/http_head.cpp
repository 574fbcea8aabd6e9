#include "api/http_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/letter_case.h"

namespace tocsin {
namespace {

bool is_token_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kOthers.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// Takes the text up to the next CRLF off the front.
std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), line.size() + 2));
  return line;
}

// What is wrong with "GET /path HTTP/1.1"; empty when nothing.
std::string_view refuse_request_line(std::string_view line, bool& is_http_11) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last ||
      !is_token(line.substr(0, first))) {
    return "the request line is not METHOD, PATH and HTTP/1.1 with one space between";
  }
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.empty() || target.front() != '/') {
    return "the path must begin with a slash";
  }
  if (std::ranges::any_of(target, [](char c) { return c <= ' ' || c >= 0x7f; })) {
    return "the path holds characters that must be percent-encoded";
  }
  const std::string_view version = line.substr(last + 1);
  is_http_11 = version == "HTTP/1.1";
  if (!is_http_11 && version != "HTTP/1.0") {
    return "the version must be HTTP/1.1 or HTTP/1.0";
  }
  return {};
}

// Reads the header lines one by one and remembers what the framing rests on.
class FieldJudge {
 public:
  explicit FieldJudge(bool is_http_11) : is_http_11_(is_http_11) {}

  std::string_view line(std::string_view text) {
    if (++fields_ > kHttpFieldsMax) {
      return "there are too many header lines";
    }
    if (text.front() == ' ' || text.front() == '\t') {
      return "a header line is folded";
    }
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos || !is_token(text.substr(0, colon))) {
      return "a header line has no proper name before its colon";
    }
    const std::string_view value = trim(text.substr(colon + 1));
    if (std::ranges::any_of(value, [](char c) { return is_control(c) && c != '\t'; })) {
      return "a header value holds control characters";
    }
    return field(ascii_lower(text.substr(0, colon)), value);
  }

  std::string_view end() const {
    if (is_http_11_ && hosts_ != 1) {
      return "there must be exactly one Host header";
    }
    if (facts_.is_chunked && facts_.content_length) {
      return "Content-Length and Transfer-Encoding exclude each other";
    }
    if (facts_.is_chunked && !is_http_11_) {
      return "Transfer-Encoding needs HTTP/1.1";
    }
    return {};
  }

  [[nodiscard]] const HeadFacts& facts() const { return facts_; }

 private:
  std::string_view field(const std::string& name, std::string_view value) {
    if (name == "host") {
      ++hosts_;
    } else if (name == "content-length") {
      return content_length(value);
    } else if (name == "authorization") {
      return once(has_authorization_, "there is more than one Authorization header");
    } else if (name == "content-type") {
      return once(has_content_type_, "there is more than one Content-Type header");
    } else if (name == "transfer-encoding") {
      if (facts_.is_chunked || ascii_lower(value) != "chunked") {
        return "Transfer-Encoding must be chunked, once";
      }
      facts_.is_chunked = true;
    } else if (name == "expect") {
      if (ascii_lower(value) != "100-continue") {
        return "Expect must be 100-continue";
      }
      facts_.expects_continue = is_http_11_;
    }
    return {};
  }

  // What a proxy before us and we could read differently: which of two counts.
  static std::string_view once(bool& has, std::string_view refusal) {
    return std::exchange(has, true) ? refusal : std::string_view();
  }

  std::string_view content_length(std::string_view value) {
    constexpr size_t kDigitsMax = 18;  // fits 64 bits without looking
    const bool digits = !value.empty() && value.size() <= kDigitsMax &&
                        std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (facts_.content_length || !digits) {
      return "Content-Length must be one whole number, once";
    }
    uint64_t length = 0;
    std::from_chars(value.data(), value.data() + value.size(), length);
    facts_.content_length = length;
    return {};
  }

  bool is_http_11_;
  size_t fields_ = 0;
  size_t hosts_ = 0;
  bool has_authorization_ = false, has_content_type_ = false;
  HeadFacts facts_;
};

HeadScan refuse_scan(std::string reason) {
  return {.state = HeadScan::State::refused, .bytes = 0, .reason = std::move(reason)};
}

}  // namespace

HeadScan scan_head(std::string_view received, size_t bytes_max) {
  const std::string_view looked_at = received.substr(0, bytes_max);
  if (!looked_at.empty() && !is_token_character(looked_at.front())) {
    return refuse_scan("this is not HTTP");
  }
  for (size_t i = 0; i < looked_at.size(); ++i) {
    const char c = looked_at[i];
    if (c == '\n' && (i == 0 || looked_at[i - 1] != '\r')) {
      return refuse_scan("a line ends in LF without CR");
    }
    if (c == '\r' && i + 1 < looked_at.size() && looked_at[i + 1] != '\n') {
      return refuse_scan("a CR stands alone");
    }
    if (is_control(c) && c != '\r' && c != '\n' && c != '\t') {
      return refuse_scan("the head holds control characters");
    }
    if (c == '\n' && i >= 3 && looked_at[i - 2] == '\n') {
      return {.state = HeadScan::State::complete, .bytes = i + 1, .reason = {}};
    }
  }
  if (received.size() >= bytes_max) {
    return refuse_scan(fmt::format("the head is larger than {} bytes", bytes_max));
  }
  return {};
}

HeadJudgement judge_head(std::string_view head) {
  std::string_view rest = head;
  bool is_http_11 = false;
  if (const auto why = refuse_request_line(take_line(rest), is_http_11); !why.empty()) {
    return {.facts = {}, .refused = std::string(why)};
  }
  FieldJudge judge(is_http_11);
  for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) {
    if (const auto why = judge.line(line); !why.empty()) {
      return {.facts = {}, .refused = std::string(why)};
    }
  }
  return {.facts = judge.facts(), .refused = std::string(judge.end())};
}

}  // namespace tocsin
