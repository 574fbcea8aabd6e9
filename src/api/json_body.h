// Strict reading of a JSON body: bounded in bytes, depth, values and string length; duplicate keys
// and invalid UTF-8 are refused; nothing may follow the value. What comes out is a small tree of
// our own, so that only one file pays for the JSON library.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "base/limits.h"

namespace tocsin {

// Values and keys of one body; a monitor has under 500.
inline constexpr size_t kJsonNodesMax = 10'000;
inline constexpr size_t kJsonStringBytesMax = 192_KiB;  // kSendBytesMax in hex, with white space

struct BodyMember;

struct BodyValue {
  enum class Kind : uint8_t { null, boolean, number, text, list, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::string text;  // the string, or the number as it was written
  std::vector<BodyValue> items;
  std::vector<BodyMember> members;  // in order, names unique

  [[nodiscard]] bool is_object() const { return kind == Kind::object; }
  [[nodiscard]] bool is_text() const { return kind == Kind::text; }
  [[nodiscard]] const BodyValue* find(std::string_view name) const;
};
struct BodyMember {
  std::string name;
  BodyValue value;
};

// The tree, or the problem to answer with: 413 over the size, else 400 with code invalid_json and
// the place.
std::expected<BodyValue, Problem> read_json(std::string_view body);

// The same for a body that must be an object with a Content-Type that says JSON or nothing (415).
// An empty body is an empty object, whatever its type.
std::expected<BodyValue, Problem> read_json_object(const ApiRequest& request);

// Takes known fields out of an object; every mistake is collected, unknown fields with the nearest
// name.
class FieldReader {
 public:
  FieldReader(const BodyValue& object, std::vector<std::string_view> known);

  // Text of 0 - `bytes_max` bytes; nothing when absent or null (a problem when `required`).
  std::optional<std::string> text(std::string_view name, size_t bytes_max, bool required = false);
  void refuse(std::string_view name, std::string_view code, std::string message);

  [[nodiscard]] bool ok() const { return errors_.empty(); }
  [[nodiscard]] Problem problem() { return validation_failed(std::move(errors_)); }

 private:
  const BodyValue& object_;
  std::vector<FieldProblem> errors_;
};

}  // namespace tocsin
