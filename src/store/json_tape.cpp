#include "store/json_tape.h"

#include <array>
#include <cstddef>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"

namespace tocsin::stored {
namespace {

constexpr size_t kBytesAValue = 8;  // of text, seldom fewer: room for all values at once
constexpr size_t kSpareMax = 1024;  // values
constexpr uint32_t kHighSurrogates = 0xD800;
constexpr uint32_t kLowSurrogates = 0xDC00;
constexpr uint32_t kBehindSurrogates = 0xE000;

// The room of this thread's last tape, for its next one: whoever reads one text reads thousands.
thread_local std::vector<TapeValue> spare_values;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A byte of a text that does not simply stand for itself.
constexpr std::array<bool, 256> special_bytes() {
  std::array<bool, 256> special{};
  for (size_t byte = 0; byte < special.size(); ++byte) {
    special[byte] = byte < 0x20 || byte == '"' || byte == '\\';
  }
  return special;
}
constexpr std::array<bool, 256> kSpecial = special_bytes();

bool is_special(char c) { return kSpecial[static_cast<unsigned char>(c)]; }

// The four digits of \uXXXX at `at`; -1: there are none.
int32_t code_unit(std::string_view text, size_t at) {
  if (text.size() < at + 4) {
    return -1;
  }
  int32_t unit = 0;
  for (const char c : text.substr(at, 4)) {
    const int digit = hex_value(c);
    if (digit < 0) {
      return -1;
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

// The character of the \u escape whose digits begin at `at`, and how many bytes they and those of
// its other half take; nothing: half of a pair stands alone.
struct Escaped {
  uint32_t character = 0;
  size_t size = 0;
};
std::optional<Escaped> escaped_character(std::string_view text, size_t at) {
  const int32_t first = code_unit(text, at);
  if (first < 0) {
    return std::nullopt;
  }
  const auto high = static_cast<uint32_t>(first);
  if (high < kHighSurrogates || high >= kBehindSurrogates) {
    return Escaped{high, 4};
  }
  const int32_t second = text.substr(at + 4).starts_with("\\u") ? code_unit(text, at + 6) : -1;
  const auto low = static_cast<uint32_t>(second);
  if (high >= kLowSurrogates || second < 0 || low < kLowSurrogates || low >= kBehindSurrogates) {
    return std::nullopt;
  }
  return Escaped{0x10000 + ((high - kHighSurrogates) << 10) + (low - kLowSurrogates), 10};
}

void append_utf8(std::string& out, uint32_t character) {
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | character >> 6);
    put(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    put(0xE0 | character >> 12);
    put(0x80 | (character >> 6 & 0x3F));
    put(0x80 | (character & 0x3F));
  } else {
    put(0xF0 | character >> 18);
    put(0x80 | (character >> 12 & 0x3F));
    put(0x80 | (character >> 6 & 0x3F));
    put(0x80 | (character & 0x3F));
  }
}

// The byte that \c stands for; 0: there is no such escape.
char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace

// Reads without recursion: what is open is a list of places.
class TapeWriter {
 public:
  explicit TapeWriter(std::string_view text) : tape_(text), text_(text) {}

  std::optional<JsonTape> write() {
    if (text_.size() >= UINT32_MAX || !value()) {
      return std::nullopt;
    }
    while (depth_ > 0) {
      if (!inside()) {
        return std::nullopt;
      }
    }
    skip_space();
    if (at_ != text_.size() || (has_wide_ && !is_valid_utf8(text_))) {
      return std::nullopt;
    }
    return std::move(tape_);
  }

 private:
  [[nodiscard]] char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (now() == ' ' || now() == '\n' || now() == '\t' || now() == '\r') {
      ++at_;
    }
  }

  bool take(char c) {
    if (now() != c || at_ == text_.size()) {
      return false;
    }
    ++at_;
    return true;
  }

  [[nodiscard]] uint32_t place() const { return static_cast<uint32_t>(tape_.values_.size()); }

  void put(TapeKind kind, size_t begin, size_t end, bool escaped = false) {
    tape_.values_.push_back({.kind = kind,
                             .escaped = escaped,
                             .begin = static_cast<uint32_t>(begin),
                             .size = static_cast<uint32_t>(end - begin),
                             .next = place() + 1});
  }

  // One value; of a list or object its beginning.
  bool value() {
    skip_space();
    switch (now()) {
      case '"':
        return string();
      case '{':
        return open(TapeKind::object);
      case '[':
        return open(TapeKind::list);
      case 't':
        return word("true", TapeKind::boolean);
      case 'f':
        return word("false", TapeKind::boolean);
      case 'n':
        return word("null", TapeKind::null);
      default:
        return number();
    }
  }

  bool open(TapeKind kind) {
    if (depth_ == kJsonDepthMax) {
      return false;
    }
    open_[depth_++] = place();
    put(kind, at_, at_ + 1);
    ++at_;
    return true;
  }

  // What comes next in the innermost open list or object: its end, or one more value.
  bool inside() {
    const uint32_t opened = open_[depth_ - 1];
    TapeValue& outer = tape_.values_[opened];
    const bool is_object = outer.kind == TapeKind::object;
    const bool is_first = opened + 1 == place();
    skip_space();
    if (take(is_object ? '}' : ']')) {
      outer.next = place();
      outer.size = static_cast<uint32_t>(at_) - outer.begin;
      --depth_;
      return true;
    }
    if (!is_first && !take(',')) {
      return false;
    }
    if (is_object) {
      skip_space();
      if (now() != '"' || !string()) {
        return false;
      }
      skip_space();
      if (!take(':')) {
        return false;
      }
    }
    return value();
  }

  bool word(std::string_view expected, TapeKind kind) {
    if (!text_.substr(at_).starts_with(expected)) {
      return false;
    }
    put(kind, at_, at_ + expected.size());
    at_ += expected.size();
    return true;
  }

  bool string() {
    const size_t begin = ++at_;
    bool escaped = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (!is_special(c)) {
        has_wide_ = has_wide_ || static_cast<unsigned char>(c) >= 0x80;
        ++at_;
      } else if (c == '"') {
        put(TapeKind::text, begin, at_, escaped);
        ++at_;
        return true;
      } else if (c != '\\' || !escape()) {
        return false;
      } else {
        escaped = true;
      }
    }
    return false;
  }

  bool escape() {
    ++at_;
    if (take('u')) {
      const std::optional<Escaped> character = escaped_character(text_, at_);
      at_ += character ? character->size : 0;
      return character.has_value();
    }
    const bool is_known = short_escape(now()) != 0;
    ++at_;
    return is_known;
  }

  bool digits() {
    const size_t begin = at_;
    while (is_digit(now())) {
      ++at_;
    }
    return at_ > begin;
  }

  bool number() {
    const size_t begin = at_;
    static_cast<void>(take('-'));
    if (!take('0') && !digits()) {
      return false;
    }
    if (take('.') && !digits()) {
      return false;
    }
    if (take('e') || take('E')) {
      static_cast<void>(take('+') || take('-'));
      if (!digits()) {
        return false;
      }
    }
    put(TapeKind::number, begin, at_);
    return true;
  }

  JsonTape tape_;
  std::string_view text_;
  size_t at_ = 0;
  bool has_wide_ = false;  // bytes that are not ASCII
  std::array<uint32_t, kJsonDepthMax> open_{};
  size_t depth_ = 0;
};

JsonTape::JsonTape(std::string_view text) : text_(text), values_(std::move(spare_values)) {
  values_.clear();
  values_.reserve(text.size() / kBytesAValue + 1);
}

JsonTape::~JsonTape() {
  if (values_.capacity() > spare_values.capacity() && values_.capacity() <= kSpareMax) {
    spare_values = std::move(values_);
  }
}

std::optional<JsonTape> JsonTape::parse(std::string_view text) { return TapeWriter(text).write(); }

std::string JsonTape::text(uint32_t place) const {
  const std::string_view raw = written(place);
  if (!values_[place].escaped) {
    return std::string(raw);
  }
  std::string out;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out += raw[i];
    } else if (raw[++i] != 'u') {
      out += short_escape(raw[i]);
    } else if (const auto character = escaped_character(raw, i + 1)) {
      append_utf8(out, character->character);
      i += character->size;
    }
  }
  return out;
}

void append_stored_text(std::string& out, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  size_t plain = 0;
  for (size_t i = 0; i < value.size(); ++i) {
    if (!is_special(value[i])) {
      continue;
    }
    out += value.substr(plain, i - plain);
    plain = i + 1;
    const auto byte = static_cast<unsigned char>(value[i]);
    if (byte < 0x20) {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += '\\';
      out += value[i];
    }
  }
  out += value.substr(plain);
  out += '"';
}

}  // namespace tocsin::stored
