// WrittenValue: a piece of configuration as it is written, in order: the form between a value of
// ours and its text, which is YAML for people and JSON for programs. Reading either back gives the
// same value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin {

struct WrittenEntry;

struct WrittenValue {
  enum class Kind : uint8_t {
    word,  // true, false, a number: never in quotes
    text,
    list,
    map,
  };
  Kind kind = Kind::map;
  std::string text;                   // of a word or a text
  std::vector<WrittenValue> items;    // of a list
  std::vector<WrittenEntry> entries;  // of a map, in the order of the text

  static WrittenValue word(std::string value);
  static WrittenValue number(int64_t value);
  static WrittenValue boolean(bool value);
  static WrittenValue of_text(std::string value);
  static WrittenValue of_texts(const std::vector<std::string>& values);

  void add(std::string key, WrittenValue value);
  [[nodiscard]] bool empty() const { return items.empty() && entries.empty(); }
};

struct WrittenEntry {
  std::string key;
  WrittenValue value;
};

// Compact, on one line.
std::string json_of(const WrittenValue& value);
// Block style; `map` is a map. Each line is indented by `indent` spaces and ends with a newline.
std::string yaml_of(const WrittenValue& map, size_t indent = 0);

}  // namespace tocsin
