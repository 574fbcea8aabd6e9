// JsonWriter: writes compact JSON from front to back, so that an answer of a thousand rows needs no
// tree. Text that is not UTF-8 gets replacement characters; names and order are the caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "base/time.h"

namespace tocsin {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_list();
  JsonWriter& end_list();
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& number(int64_t value);
  JsonWriter& count(uint64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& time(SystemTime value);      // RFC 3339, UTC, milliseconds
  JsonWriter& raw(std::string_view json);  // already JSON

  // key and value in one; an absent value is null.
  JsonWriter& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, const std::string& value) {
    return key(name).text(value);
  }
  JsonWriter& field(std::string_view name, const char* value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& field(std::string_view name, SystemTime value) { return key(name).time(value); }
  JsonWriter& field(std::string_view name, const std::optional<SystemTime>& value);
  JsonWriter& number_field(std::string_view name, int64_t value) { return key(name).number(value); }
  JsonWriter& count_field(std::string_view name, uint64_t value) { return key(name).count(value); }
  // Whole microseconds, milliseconds or seconds; the unit is the last word of `name`.
  JsonWriter& us_field(std::string_view name, const std::optional<Duration>& value);
  JsonWriter& ms_field(std::string_view name, const std::optional<Duration>& value);
  JsonWriter& null_field(std::string_view name) { return key(name).null(); }

  template <class List>
  JsonWriter& text_list_field(std::string_view name, const List& values) {
    key(name).begin_list();
    for (const auto& value : values) {
      text(value);
    }
    return end_list();
  }

  [[nodiscard]] std::string take() { return std::move(out_); }
  [[nodiscard]] const std::string& str() const { return out_; }

 private:
  void before_value();
  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace tocsin
