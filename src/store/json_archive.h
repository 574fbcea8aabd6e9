// One description of a type serves writing and reading, so that the two cannot drift apart:
//
//   template <class Archive, Is<RetryPolicy> V>
//   void describe(Archive& archive, V& policy) {
//     archive.field("strategy", policy.strategy);       // always written
//     archive.sparse("total_us", policy.total);         // left out when it is its type's zero,
//     which is also the default when read
//     archive.usual("base_us", policy.base, Duration(60s));  // left out when it is this, and read
//     as this when it is not there: it is on disk, so it never changes
//   }
//
// Texts are written straight in the order of the description and read by walking over them, which
// is quickest in that order and right in any. Internal to the json_*.cpp files.
#pragma once

#include <charconv>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "store/json_names.h"
#include "store/json_tape.h"

namespace tocsin::stored {

// Of one stored value; the largest we write is an attempt of 64 KiB and its transcript.
inline constexpr size_t kJsonBytesMax = 8_MiB;

// V is T or const T: one description for both directions.
template <class V, class T>
concept Is = std::same_as<std::remove_const_t<V>, T>;

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

// One object; its end is written by close().
class JsonArchiveWriter {
 public:
  static constexpr bool kReads = false;

  explicit JsonArchiveWriter(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }

  template <class T>
  void field(std::string_view name, const T& value) {
    if constexpr (IsOptional<T>::value) {
      if (value) {
        field(name, *value);
      }
    } else {
      key(name);
      write(out_, value);
    }
  }
  template <class T>
  void sparse(std::string_view name, const T& value) {
    if (!(value == T{})) {
      field(name, value);
    }
  }
  template <class T>
  void usual(std::string_view name, const T& value, const std::type_identity_t<T>& usual) {
    if (!(value == usual)) {
      field(name, value);
    }
  }

  template <class T>
  static void write(std::string& out, const T& value) {
    if constexpr (std::same_as<T, std::string>) {
      write_text(out, value);
    } else if constexpr (std::same_as<T, bool>) {
      out += value ? "true" : "false";
    } else if constexpr (std::integral<T>) {
      write_number(out, value);
    } else if constexpr (std::same_as<T, Duration>) {
      write_number(out, int64_t{value.count()});
    } else if constexpr (std::same_as<T, SystemTime>) {
      write_number(out, int64_t{value.time_since_epoch().count()});
    } else if constexpr (std::is_enum_v<T>) {
      append_stored_text(out, wire_name(value));
    } else if constexpr (IsVector<T>::value) {
      char before = '[';
      for (const auto& item : value) {
        out += std::exchange(before, ',');
        write(out, item);
      }
      out += value.empty() ? "[]" : "]";
    } else if constexpr (requires { text_form(value); }) {
      write_text(out, text_form(value));
    } else {
      JsonArchiveWriter nested(out);
      describe(nested, value);
      nested.close();
    }
  }
  // Objects keyed by a number.
  template <class Key, class T>
  static void write(std::string& out, const std::map<Key, T>& value) {
    JsonArchiveWriter object(out);
    for (const auto& [key, item] : value) {
      object.key(std::to_string(key));
      write(out, item);
    }
    object.close();
  }

 private:
  void key(std::string_view name) {
    out_ += is_first_ ? "\"" : ",\"";
    is_first_ = false;
    out_ += name;
    out_ += "\":";
  }
  static void write_number(std::string& out, std::integral auto value) {
    constexpr size_t kDigitsMax = 24;
    char digits[kDigitsMax];
    out.append(digits, std::to_chars(digits, digits + kDigitsMax, value).ptr);
  }
  // JSON is text; what is not goes as base64 in an object, which no text can be mistaken for.
  static void write_text(std::string& out, std::string_view value) {
    if (is_valid_utf8(value)) {
      append_stored_text(out, value);
      return;
    }
    out += R"({"base64":")";
    out += to_base64(value);
    out += "\"}";
  }

  std::string& out_;
  bool is_first_ = true;
};

// Where a value stands, for messages only: "alert.after_runs", "tags[1]".
struct JsonPlace {
  const JsonPlace* outer = nullptr;
  std::string_view name;
  size_t index = 0;  // in a list, which has no name
  [[nodiscard]] std::string text() const {
    const std::string before = outer == nullptr ? std::string() : outer->text();
    if (name.empty()) {
      return outer == nullptr ? before : before + "[" + std::to_string(index) + "]";
    }
    return before.empty() ? std::string(name) : before + "." + std::string(name);
  }
};

class JsonArchiveReader {
 public:
  static constexpr bool kReads = true;

  // Of the value at `at`. The first thing that is wrong goes to `problem` ("alert.after_runs is
  // not a whole number"); all outlive the reader.
  JsonArchiveReader(const JsonTape& tape, uint32_t at, const JsonPlace& place, std::string& problem)
      : tape_(tape), object_(at), place_(place), problem_(problem) {
    if (tape_.at(at).kind == TapeKind::object) {
      end_ = tape_.at(at).next;
    } else {
      report(place_, "is not an object");
    }
    from_ = end_ == 0 ? 0 : object_ + 1;
    for (uint32_t key = from_; key < end_; key = tape_.at(key + 1).next) {
      keys_ |= tape_.at(key).escaped ? ~uint64_t{0} : bit_of(tape_.written(key));
    }
  }

  template <class T>
  void field(std::string_view name, T& value) {
    if (const uint32_t found = find(name); found != 0) {
      read(found, {.outer = &place_, .name = name}, value);
    }
  }
  template <class T>
  void sparse(std::string_view name, T& value) {
    field(name, value);
  }
  template <class T>
  void usual(std::string_view name, T& value, const std::type_identity_t<T>& usual) {
    if (const uint32_t found = find(name); found != 0) {
      read(found, {.outer = &place_, .name = name}, value);
    } else if (!(value == usual)) {
      value = usual;
    }
  }

 private:
  // The place of the value of this name; 0: there is none. What is asked for in the order of the
  // text is found at once.
  uint32_t find(std::string_view name) {
    if ((keys_ & bit_of(name)) == 0) {
      return 0;
    }
    for (uint32_t key = from_; key < end_; key = tape_.at(key + 1).next) {
      if (is_key(key, name)) {
        return take(key);
      }
    }
    for (uint32_t key = object_ + 1; key < from_; key = tape_.at(key + 1).next) {
      if (is_key(key, name)) {
        return take(key);
      }
    }
    return 0;
  }
  // Tells apart most names: what is left out, which is most of it, is not searched for.
  static constexpr uint64_t bit_of(std::string_view name) {
    const size_t place = name.empty()
                             ? 0
                             : name.size() * 7 + size_t{static_cast<uint8_t>(name.front())} * 3 +
                                   size_t{static_cast<uint8_t>(name[name.size() / 2])} * 5;
    return uint64_t{1} << place % 64;
  }
  uint32_t take(uint32_t key) {
    from_ = tape_.at(key + 1).next;
    return key + 1;
  }
  [[nodiscard]] bool is_key(uint32_t key, std::string_view name) const {
    return tape_.at(key).escaped ? tape_.text(key) == name : tape_.written(key) == name;
  }

  void report(const JsonPlace& place, std::string_view what) {
    if (problem_.empty()) {
      const std::string path = place.text();
      problem_ = (path.empty() ? std::string("the value") : path) + " " + std::string(what);
    }
  }

  template <class T>
  void read(uint32_t at, const JsonPlace& place, T& value) {
    if constexpr (std::same_as<T, std::string>) {
      if (std::optional<std::string> text = text_at(at, place)) {
        value = std::move(*text);
      }
    } else if constexpr (std::same_as<T, bool>) {
      tape_.at(at).kind == TapeKind::boolean
          ? static_cast<void>(value = tape_.written(at) == "true")
          : report(place, "is not true or false");
    } else if constexpr (std::integral<T>) {
      read_number(at, place, value);
    } else if constexpr (std::same_as<T, Duration>) {
      int64_t count = value.count();
      read_number(at, place, count);
      value = Duration(count);
    } else if constexpr (std::same_as<T, SystemTime>) {
      int64_t count = value.time_since_epoch().count();
      read_number(at, place, count);
      value = SystemTime(Duration(count));
    } else if constexpr (std::is_enum_v<T>) {
      with_text(at, place, [&](std::string_view name) {
        from_wire_name(name, value) ? void() : report(place, "is not a name known here");
      });
    } else if constexpr (requires { text_form(value); }) {
      with_text(at, place, [&](std::string_view text) {
        from_text_form(text, value) ? void() : report(place, "is not well formed");
      });
    } else {
      JsonArchiveReader nested(tape_, at, place, problem_);
      describe(nested, value);
    }
  }
  template <class T>
  void read(uint32_t at, const JsonPlace& place, std::optional<T>& value) {
    T inner{};
    read(at, place, inner);
    value = std::move(inner);
  }
  template <class T>
  void read(uint32_t at, const JsonPlace& place, std::vector<T>& value) {
    if (tape_.at(at).kind != TapeKind::list) {
      return report(place, "is not a list");
    }
    value.clear();
    for (uint32_t item = at + 1; item < tape_.at(at).next; item = tape_.at(item).next) {
      T& room = value.emplace_back();
      read(item, {.outer = &place, .name = {}, .index = value.size() - 1}, room);
    }
  }
  template <class Key, class T>
  void read(uint32_t at, const JsonPlace& place, std::map<Key, T>& value) {
    if (tape_.at(at).kind != TapeKind::object) {
      return report(place, "is not an object");
    }
    value.clear();
    for (uint32_t item = at + 1; item < tape_.at(at).next; item = tape_.at(item + 1).next) {
      const std::string_view text = tape_.written(item);
      const std::optional<Key> key = whole_number<Key>(text);
      if (!key) {
        return report(place, "has a key that is not a number");
      }
      read(item + 1, {.outer = &place, .name = text}, value[*key]);
    }
  }

  template <class T>
  static std::optional<T> whole_number(std::string_view text) {
    T value{};
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()
               ? std::optional(value)
               : std::nullopt;
  }
  template <class T>
  void read_number(uint32_t at, const JsonPlace& place, T& value) {
    const std::optional<T> number =
        tape_.at(at).kind == TapeKind::number ? whole_number<T>(tape_.written(at)) : std::nullopt;
    number ? static_cast<void>(value = *number) : report(place, "is not a whole number that fits");
  }

  // A text, or bytes in base64.
  std::optional<std::string> text_at(uint32_t at, const JsonPlace& place) {
    const TapeValue& found = tape_.at(at);
    if (found.kind == TapeKind::text) {
      return tape_.text(at);
    }
    const uint32_t inner = at + 2;
    if (found.kind == TapeKind::object && found.next == at + 3 &&
        tape_.at(inner).kind == TapeKind::text && tape_.written(at + 1) == "base64") {
      if (Result<std::string> bytes = from_base64(tape_.text(inner))) {
        return std::move(*bytes);
      }
    }
    report(place, "is not text");
    return std::nullopt;
  }
  template <class Take>
  void with_text(uint32_t at, const JsonPlace& place, Take take) {
    if (tape_.at(at).kind == TapeKind::text && !tape_.at(at).escaped) {
      take(tape_.written(at));
    } else if (const std::optional<std::string> text = text_at(at, place)) {
      take(std::string_view(*text));
    }
  }

  const JsonTape& tape_;
  uint32_t object_;
  uint32_t end_ = 0;   // behind its members
  uint32_t from_ = 0;  // where the next key is looked for first
  uint64_t keys_ = 0;  // bits of those that are there
  const JsonPlace& place_;
  std::string& problem_;
};

template <class T>
std::string write_json(const T& value) {
  std::string out;
  JsonArchiveWriter::write(out, value);
  return out;
}

// `what` names the kind of value in the message of an error: "a monitor". `value` is as its type
// makes it; after an error it is of no use.
template <class T>
Result<void> read_json(std::string_view text, std::string_view what, T& value) {
  const auto corrupt = [&](std::string_view why) {
    return fail(ErrorKind::corrupt, "stored " + std::string(what) + ": " + std::string(why));
  };
  if (text.size() > kJsonBytesMax) {
    return corrupt("it is longer than any that was written");
  }
  const std::optional<JsonTape> tape = JsonTape::parse(text);
  if (!tape) {
    return corrupt("it is not JSON");
  }
  std::string problem;
  const JsonPlace place;
  JsonArchiveReader reader(*tape, 0, place, problem);
  describe(reader, value);
  if (!problem.empty()) {
    return corrupt(problem);
  }
  return {};
}

template <class T>
Result<T> read_json(std::string_view text, std::string_view what) {
  Result<T> value;
  if (Result<void> read = read_json(text, what, *value); !read) {
    return std::unexpected(read.error());
  }
  return value;
}

}  // namespace tocsin::stored
