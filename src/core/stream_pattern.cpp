#include "core/stream_pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/limits.h"
#include "core/pattern_cache.h"
#include "core/pattern_text.h"

namespace tocsin {
namespace {

constexpr size_t kShownBytesMax = 60;  // a message names the pattern, it does not repeat a page

bool matches(const re2::RE2& regex, std::string_view text, size_t end) {
  return regex.Match(re2::StringPiece(text.data(), text.size()), 0, end, re2::RE2::UNANCHORED,
                     nullptr, 0);
}

}  // namespace

StreamPattern::StreamPattern(std::string_view source) : source_(source) {}

StreamPattern StreamPattern::literal(std::string_view bytes) { return StreamPattern(bytes); }

StreamPattern StreamPattern::regex(std::string_view expression) {
  StreamPattern pattern(expression);
  pattern.regex_ = thread_patterns().get("(?m)" + pattern.source_);
  return pattern;
}

bool StreamPattern::is_valid() const { return !regex_ || regex_->ok(); }

std::string StreamPattern::shown() const {
  return regex_ ? fmt::format("/{}/", pattern_text(source_, kShownBytesMax))
                : fmt::format("\"{}\"", escape_for_display(source_, kShownBytesMax));
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

// --- groups

namespace {

// What stands before a match decides `^` and `\b` at its beginning; one byte of it is enough.
struct Piece {
  Piece(std::string_view text, size_t begin, size_t length)
      : from(begin == 0 ? 0 : begin - 1), bytes(text.substr(from, length - from)) {}

  size_t from;
  std::string bytes;
};

std::optional<StreamGroups> match_groups(const re2::RE2& regex, std::string_view text, size_t begin,
                                         size_t end, re2::RE2::Anchor anchor, size_t count) {
  std::vector<re2::StringPiece> pieces(count);
  if (!regex.Match(re2::StringPiece(text.data(), text.size()), begin, end, anchor, pieces.data(),
                   static_cast<int>(count))) {
    return std::nullopt;
  }
  StreamGroups groups;
  for (const re2::StringPiece& piece : pieces) {
    groups.values.push_back(piece.data() == nullptr ? std::nullopt
                                                    : std::optional(std::string_view(piece)));
  }
  groups.end = static_cast<size_t>(pieces[0].data() + pieces[0].size() - text.data());
  return groups;
}

std::optional<size_t> match_end(const re2::RE2& regex, std::string_view text, size_t begin,
                                size_t end) {
  const auto whole = match_groups(regex, text, begin, end, re2::RE2::ANCHOR_START, 1);
  return whole ? std::optional(whole->end) : std::nullopt;
}

// Whether the match from `begin` in the first `length` bytes is the same whatever byte comes next.
// Depends on those bytes alone, so that it does not matter how the stream was cut.
bool is_settled(const re2::RE2& regex, std::string_view text, size_t begin, size_t length) {
  Piece piece(text, begin, length);
  const size_t first = begin - piece.from;
  const size_t size = piece.bytes.size();
  piece.bytes += "a ";
  const std::optional<size_t> before_letter = match_end(regex, piece.bytes, first, size);
  piece.bytes[size] = ' ';
  if (!before_letter || match_end(regex, piece.bytes, first, size) != before_letter) {
    return false;
  }
  if (*before_letter < size) {
    return true;
  }
  const auto is_changed_by = [&](char byte) {
    piece.bytes[size] = byte;
    const std::optional<size_t> end = match_end(regex, piece.bytes, first, size + 1);
    return !end || *end > size;
  };
  // The byte that did come is most often one that belongs to it.
  if (length < text.size() && is_changed_by(text[length])) {
    return false;
  }
  for (int byte = 0; byte < 256; ++byte) {
    if (is_changed_by(static_cast<char>(byte))) {
      return false;
    }
  }
  return true;
}

}  // namespace

size_t StreamPattern::groups() const {
  return regex_ && regex_->ok() ? static_cast<size_t>(regex_->NumberOfCapturingGroups()) : 0;
}

std::optional<size_t> StreamPattern::group_number(std::string_view group) const {
  if (groups() == 0) {
    return std::nullopt;
  }
  const auto& named = regex_->NamedCapturingGroups();
  const auto found = named.find(std::string(group));
  if (found != named.end()) {
    return static_cast<size_t>(found->second);
  }
  size_t number = 0;
  const auto read = std::from_chars(group.data(), group.data() + group.size(), number);
  const bool is_number = read.ec == std::errc() && read.ptr == group.data() + group.size();
  return is_number && number > 0 && number <= groups() ? std::optional(number) : std::nullopt;
}

std::optional<StreamGroups> StreamPattern::settled_groups(std::string_view text, size_t met,
                                                          size_t& unsettled) const {
  Piece start(text, 0, met);
  start.bytes += 'a';
  const auto first = match_groups(*regex_, start.bytes, 0, met, re2::RE2::UNANCHORED, 1);
  if (!first) {
    return std::nullopt;
  }
  const auto begin = static_cast<size_t>(first->values[0]->data() - start.bytes.data());
  const size_t last = std::min(text.size(), met + kGrowthBytesMax + 1);
  for (size_t length = std::max(met, unsettled); length <= last; ++length) {
    const bool is_long = length - met > kGrowthBytesMax || length - begin > kGrownMatchBytesMax;
    if (is_long || is_settled(*regex_, text, begin, length)) {
      // What follows decided nothing; RE2 may look at it all the same, except at the very end.
      Piece piece(text, begin, length);
      piece.bytes += 'a';
      const size_t size = piece.bytes.size() - 1;
      auto groups = match_groups(*regex_, piece.bytes, begin - piece.from, size,
                                 re2::RE2::ANCHOR_START, this->groups() + 1);
      if (!groups) {
        return std::nullopt;
      }
      for (auto& value : groups->values) {
        if (value) {
          const auto at = static_cast<size_t>(value->data() - piece.bytes.data()) + piece.from;
          value = text.substr(at, value->size());
        }
      }
      groups->end += piece.from;
      groups->is_cut = is_long;
      return groups;
    }
    unsettled = length + 1;
  }
  return std::nullopt;
}

std::optional<StreamGroups> StreamPattern::groups_at_end(std::string_view text) const {
  return match_groups(*regex_, text, 0, text.size(), re2::RE2::UNANCHORED, groups() + 1);
}

}  // namespace tocsin
