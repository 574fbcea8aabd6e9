#include "notify/curl_reply.h"

#include <charconv>

#include "notify/http_header.h"
#include "notify/safe_text.h"

namespace tocsin {
namespace {

constexpr size_t kLineShownMax = 300;

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

// Three digits at the start of `text`, else 0.
long code_of(std::string_view text) {
  constexpr size_t kDigits = 3;
  if (text.size() < kDigits) {
    return 0;
  }
  long code = 0;
  const char* const end = text.data() + kDigits;
  const auto read = std::from_chars(text.begin(), end, code);
  return read.ec == std::errc() && read.ptr == end && code >= 100 ? code : 0;
}

bool is_temporary(long code) { return code >= 400 && code < 500; }

}  // namespace

void HttpReply::on_line(std::string_view raw) {
  const std::string_view line = without_line_end(raw);
  if (line.starts_with("HTTP/")) {
    const size_t space = line.find(' ');
    status_ = space == std::string_view::npos ? 0 : code_of(line.substr(space + 1));
    phrase_ =
        space != std::string_view::npos && line.size() > space + 5 ? line.substr(space + 5) : "";
    retry_after_.clear();
    complete_ = false;
    return;
  }
  if (line.empty()) {
    complete_ = status_ >= 200;
    return;
  }
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos && same_header_name(line.substr(0, colon), "retry-after")) {
    retry_after_ = line.substr(colon + 1);
  }
}

void SmtpReply::on_line(std::string_view raw) {
  const std::string_view line = without_line_end(raw);
  const long code = code_of(line);
  const bool last_of_reply = code != 0 && (line.size() == 3 || line[3] != '-');
  if (!last_of_reply) {
    return;
  }
  if (code >= 400) {
    if (!is_temporary(refusal_code_) || is_temporary(code)) {
      refusal_code_ = code;
      refusal_ = shown_line(line, kLineShownMax);
    }
    ++refusals_;
  } else if (last_code_ == 354 && code < 300) {
    accepted_ = true;
    acceptance_ = shown_line(line, kLineShownMax);
  }
  logged_in_ = logged_in_ || code == 235;
  last_code_ = code;
}

void SmtpReply::begin_mail() {
  refusal_code_ = 0;
  refusal_.clear();
  refusals_ = 0;
}

}  // namespace tocsin
