// JsonTape: a JSON text as one flat list of its values, in the order of the text. It copies
// nothing: a value is a piece of the text, and knows where the values inside it end, so that a
// reader walks over it without a tree. Whole JSON of RFC 8259 and nothing else; texts are UTF-8.
//
// Internal to the reading of stored values (json_archive.h): a start reads hundreds of thousands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::stored {

enum class TapeKind : uint8_t { null, boolean, number, text, list, object };

struct TapeValue {
  TapeKind kind = TapeKind::null;
  bool escaped = false;  // of a text: it has a backslash in it
  uint32_t begin = 0;    // in the text; of a text behind its quote
  uint32_t size = 0;     // of a text without its quotes
  uint32_t next = 0;     // place of the value behind this one and all that is inside it
};

class JsonTape {
 public:
  // `text` outlives the tape and has less than 4 GiB. Nothing: it is not JSON, or nested deeper
  // than kJsonDepthMax.
  static std::optional<JsonTape> parse(std::string_view text);

  // Of the members of an object the key is a value of its own, before what it names. The first
  // value inside a list or object at `place` is at `place` + 1.
  [[nodiscard]] const TapeValue& at(uint32_t place) const { return values_[place]; }
  // As it is written; of a text between its quotes, escapes and all.
  [[nodiscard]] std::string_view written(uint32_t place) const {
    return text_.substr(values_[place].begin, values_[place].size);
  }
  // What a text says.
  [[nodiscard]] std::string text(uint32_t place) const;

  JsonTape(JsonTape&&) = default;
  JsonTape& operator=(JsonTape&&) = delete;
  ~JsonTape();

 private:
  friend class TapeWriter;
  explicit JsonTape(std::string_view text);

  std::string_view text_;
  std::vector<TapeValue> values_;
};

// Appends a JSON string with its quotes; `value` is UTF-8.
void append_stored_text(std::string& out, std::string_view value);

}  // namespace tocsin::stored
