// Worked example on {"nodes":[{"name":"a","up":true},{"name":"b"}]}:
//
//   $.nodes[0].name      "a"
//   $.nodes[*].name      "a", "b"
//   $['nodes'][-1]       {"name":"b"}
//   $.nodes.length       2: items, members of an object, characters; a key named length wins
//   $.nodes[*].up        true: the second has none and adds nothing
#include "core/json_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <variant>

#include "base/bytes.h"
#include "base/limits.h"
#include "core/assert.h"
#include "core/pattern_text.h"
#include "core/quoted_text.h"

namespace tocsin {
namespace {

struct Key {
  std::string name;
  bool dotted;  // only `.length` has the second meaning, ['length'] is always the key
};
struct Index {
  int64_t number;
};
struct Every {};
using Segment = std::variant<Key, Index, Every>;

class PathReader {
 public:
  explicit PathReader(std::string_view path) : path_(path) {}

  Result<std::vector<Segment>> read() {
    if (path_.size() > kPatternBytesMax) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("the JSON path has {} bytes; at most {} are allowed", path_.size(),
                              kPatternBytesMax));
    }
    if (!take('$')) {
      return wrong("a path begins with \"$\"");
    }
    std::vector<Segment> segments;
    while (at_ < path_.size()) {
      Result<Segment> segment = read_segment();
      if (!segment) {
        return std::unexpected(segment.error());
      }
      segments.push_back(*std::move(segment));
    }
    return segments;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < path_.size() ? path_[at_] : '\0'; }
  bool take(char wanted) {
    if (at_ >= path_.size() || path_[at_] != wanted) {
      return false;
    }
    ++at_;
    return true;
  }
  [[nodiscard]] std::unexpected<Error> wrong(std::string_view why) const {
    return fail(ErrorKind::invalid_input,
                fmt::format("the JSON path \"{}\" is wrong at byte {}: {}",
                            pattern_text(path_, kPatternBytesMax), at_, why));
  }

  Result<Segment> read_segment() {
    if (take('[')) {
      return read_bracket();
    }
    if (!take('.')) {
      return wrong("\".\" or \"[\" is expected");
    }
    if (take('*')) {
      return Every{};
    }
    if (peek() == '.') {
      return wrong("\"..\" is not supported; write the whole way");
    }
    const size_t start = at_;
    while (at_ < path_.size() && is_key_byte(path_[at_])) {
      ++at_;
    }
    if (at_ == start) {
      return wrong("a key is expected; write ['...'] for one with other characters");
    }
    return Key{.name = std::string(path_.substr(start, at_ - start)), .dotted = true};
  }

  static bool is_key_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || static_cast<uint8_t>(c) >= 0x80;
  }

  Result<Segment> read_bracket() {
    Result<Segment> segment = read_bracket_content();
    if (segment && !take(']')) {
      return peek() == ':' || peek() == ',' ? wrong("slices and unions are not supported")
                                            : wrong("\"]\" is expected");
    }
    return segment;
  }

  Result<Segment> read_bracket_content() {
    if (take('*')) {
      return Every{};
    }
    if (peek() == '\'') {
      return read_single_quoted();
    }
    if (peek() == '"') {
      const Result<QuotedText> quoted = read_quoted(path_.substr(at_));
      if (!quoted) {
        return wrong(quoted.error().message);
      }
      at_ += quoted->size;
      return Key{.name = quoted->bytes, .dotted = false};
    }
    int64_t number = 0;
    const char* const begin = path_.data() + at_;
    const auto read = std::from_chars(begin, path_.data() + path_.size(), number);
    if (read.ec != std::errc()) {
      return peek() == '?' ? wrong("filters are not supported")
                           : wrong("a number, * or a key in quotes is expected");
    }
    at_ += static_cast<size_t>(read.ptr - begin);
    return Index{number};
  }

  // 'key' with \' and \\ inside.
  Result<Segment> read_single_quoted() {
    ++at_;
    std::string name;
    while (at_ < path_.size() && path_[at_] != '\'') {
      if (path_[at_] == '\\' && at_ + 1 < path_.size()) {
        ++at_;
        if (path_[at_] != '\'' && path_[at_] != '\\') {
          return wrong("only \\' and \\\\ are escapes between single quotes");
        }
      }
      name += path_[at_++];
    }
    if (!take('\'')) {
      return wrong("the closing single quote is missing");
    }
    return Key{.name = std::move(name), .dotted = false};
  }

  std::string_view path_;
  size_t at_ = 0;
};

size_t characters_of(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<uint8_t>(c) & 0xC0U) != 0x80U; }));
}

std::optional<JsonValue> length_of(const JsonValue& value) {
  size_t length = value.items.size();
  if (value.kind == JsonKind::text) {
    length = characters_of(value.text);
  } else if (value.kind != JsonKind::array && value.kind != JsonKind::object) {
    return std::nullopt;
  }
  return JsonValue{.kind = JsonKind::number, .text = fmt::format("{}", length)};
}

// Appends what one segment finds in one value.
struct Finder {
  const JsonValue& value;
  std::vector<JsonValue>& found;

  void operator()(const Key& key) const {
    if (const JsonValue* const member = value.member(key.name)) {
      found.push_back(*member);
    } else if (key.dotted && key.name == "length") {
      if (std::optional<JsonValue> length = length_of(value)) {
        found.push_back(*std::move(length));
      }
    }
  }
  void operator()(const Index& index) const {
    const auto size = static_cast<int64_t>(value.items.size());
    const int64_t number = index.number < 0 ? size + index.number : index.number;
    if (value.kind == JsonKind::array && number >= 0 && number < size) {
      found.push_back(value.items[static_cast<size_t>(number)]);
    }
  }
  void operator()(const Every&) const {
    found.insert(found.end(), value.items.begin(), value.items.end());
  }
};

}  // namespace

Result<void> check_json_path(std::string_view path) {
  const Result<std::vector<Segment>> segments = PathReader(path).read();
  if (!segments) {
    return std::unexpected(segments.error());
  }
  return {};
}

Result<std::vector<JsonValue>> json_path_select(std::string_view path, const JsonValue& document) {
  const Result<std::vector<Segment>> segments = PathReader(path).read();
  if (!segments) {
    return std::unexpected(segments.error());
  }
  std::vector<JsonValue> values = {document};
  for (const Segment& segment : *segments) {
    std::vector<JsonValue> found;
    for (const JsonValue& value : values) {
      std::visit(Finder{value, found}, segment);
    }
    values = std::move(found);
  }
  return values;
}

Result<std::vector<std::string>> json_path_values(std::string_view path,
                                                  std::string_view document) {
  const Result<JsonValue> parsed = parse_json(document);
  if (!parsed) {
    return fail(ErrorKind::invalid_input, "the document cannot be read: " + parsed.error().message);
  }
  const Result<std::vector<JsonValue>> values = json_path_select(path, *parsed);
  if (!values) {
    return std::unexpected(values.error());
  }
  std::vector<std::string> texts;
  texts.reserve(values->size());
  std::ranges::transform(*values, std::back_inserter(texts), &JsonValue::shown);
  return texts;
}

}  // namespace tocsin
