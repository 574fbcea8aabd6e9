// A JSON document as a tree that keeps the order of keys and the writing of numbers. Made of bytes
// from outside: size is bounded by the caller, depth here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin {

enum class JsonKind : uint8_t { null, boolean, number, text, array, object };

struct JsonValue {
  JsonKind kind = JsonKind::null;
  std::string text;               // of a boolean, number (as written) or text (decoded)
  std::vector<std::string> keys;  // of an object, beside `items`
  std::vector<JsonValue> items;

  // The last member of that name (JSON leaves twins open; the last wins in most readers); null
  // pointer: none.
  [[nodiscard]] const JsonValue* member(std::string_view key) const;
  // What a person compares: a text as it is, anything else as compact JSON.
  [[nodiscard]] std::string shown() const;
};

// Not JSON, or nested deeper than kJsonDepthMax: invalid_input.
Result<JsonValue> parse_json(std::string_view document);

}  // namespace tocsin
