#include "core/stream_pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"

namespace tocsin {
namespace {

constexpr size_t kShownBytesMax = 60;  // a message names the pattern, it does not repeat a page

bool matches(const re2::RE2& regex, std::string_view text, size_t end) {
  return regex.Match(re2::StringPiece(text.data(), text.size()), 0, end, re2::RE2::UNANCHORED,
                     nullptr, 0);
}

}  // namespace

StreamPattern::StreamPattern(std::string_view source) : source_(source) {}
StreamPattern::~StreamPattern() = default;
StreamPattern::StreamPattern(StreamPattern&&) noexcept = default;
StreamPattern& StreamPattern::operator=(StreamPattern&&) noexcept = default;

StreamPattern StreamPattern::literal(std::string_view bytes) { return StreamPattern(bytes); }

StreamPattern StreamPattern::regex(std::string_view expression) {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_max_mem(kRegexMemoryMax);
  options.set_log_errors(false);
  StreamPattern pattern(expression);
  pattern.regex_ = std::make_unique<re2::RE2>("(?m)" + pattern.source_, options);
  return pattern;
}

bool StreamPattern::is_valid() const { return !regex_ || regex_->ok(); }

std::string StreamPattern::shown() const {
  const char quote = regex_ ? '/' : '"';
  return fmt::format("{}{}{}", quote, escape_for_display(source_, kShownBytesMax), quote);
}

// RE2 looks at one byte past the end that it is given, and no condition looks further. Three kinds
// of byte can stand there for it: a letter, a newline, and any other. A newline allows all that the
// other bytes do and `$` besides, so two tries suffice.
bool StreamPattern::is_met_within(std::string_view text, size_t length) const {
  std::string followed(text.substr(0, length));
  followed += 'a';
  if (!matches(*regex_, followed, length)) {
    return false;
  }
  followed.back() = ' ';
  return matches(*regex_, followed, length);
}

std::optional<size_t> StreamPattern::met_for_good(std::string_view text) const {
  if (text.empty()) {
    return std::nullopt;
  }
  if (!regex_) {
    const size_t at = text.find(source_);
    return at == std::string_view::npos ? std::nullopt
                                        : std::optional(std::max<size_t>(at + source_.size(), 1));
  }
  if (!regex_->ok() || !is_met_within(text, text.size())) {
    return std::nullopt;
  }
  // Once met for good it stays met, so the shortest length is found by halving.
  size_t unmet = 0;
  size_t met = text.size();
  while (met - unmet > 1) {
    const size_t middle = unmet + (met - unmet) / 2;
    (is_met_within(text, middle) ? met : unmet) = middle;
  }
  return met;
}

bool StreamPattern::met_at_end(std::string_view text) const {
  if (text.empty()) {
    return false;
  }
  if (!regex_) {
    return text.find(source_) != std::string_view::npos;
  }
  return regex_->ok() && matches(*regex_, text, text.size());
}

}  // namespace tocsin
