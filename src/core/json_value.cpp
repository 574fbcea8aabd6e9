#include "core/json_value.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "core/quoted_text.h"

namespace tocsin {
namespace {

// Builds the tree from the library's events. Its own tree would sort keys, or search them one by
// one for every insertion.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return add({.kind = JsonKind::null, .text = "null"}); }
  bool boolean(bool value) override {
    return add({.kind = JsonKind::boolean, .text = value ? "true" : "false"});
  }
  bool number_integer(number_integer_t value) override {
    return add({.kind = JsonKind::number, .text = fmt::format("{}", value)});
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add({.kind = JsonKind::number, .text = fmt::format("{}", value)});
  }
  bool number_float(number_float_t, const string_t& written) override {
    return add({.kind = JsonKind::number, .text = written});
  }
  bool string(string_t& value) override {
    return add({.kind = JsonKind::text, .text = std::move(value)});
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(JsonKind::object); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(JsonKind::array); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    open_.back().keys.push_back(std::move(value));
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    problem_ = fmt::format("it is not JSON from byte {} on", position);
    return false;
  }

  Result<JsonValue> take(bool ok) {
    if (!ok) {
      return fail(ErrorKind::invalid_input, problem_);
    }
    return std::move(root_);
  }

 private:
  bool add(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }
  bool open(JsonKind kind) {
    if (open_.size() >= kJsonDepthMax) {
      problem_ = fmt::format("it is JSON nested deeper than {} levels", kJsonDepthMax);
      return false;
    }
    open_.push_back({.kind = kind});
    return true;
  }
  bool close() {
    JsonValue value = std::move(open_.back());
    open_.pop_back();
    return add(std::move(value));
  }

  std::vector<JsonValue> open_;
  JsonValue root_;
  std::string problem_ = "it is not JSON";
};

void append_shown(const JsonValue& value, std::string& text) {
  if (value.kind == JsonKind::text) {
    text += quote_text(value.text);
    return;
  }
  if (value.kind != JsonKind::array && value.kind != JsonKind::object) {
    text += value.text;
    return;
  }
  const bool object = value.kind == JsonKind::object;
  text += object ? '{' : '[';
  for (size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0) {
      text += ',';
    }
    if (object) {
      text += quote_text(value.keys[i]);
      text += ':';
    }
    append_shown(value.items[i], text);
  }
  text += object ? '}' : ']';
}

}  // namespace

const JsonValue* JsonValue::member(std::string_view key) const {
  for (size_t i = keys.size(); i > 0; --i) {
    if (keys[i - 1] == key) {
      return &items[i - 1];
    }
  }
  return nullptr;
}

std::string JsonValue::shown() const {
  if (kind == JsonKind::text) {
    return text;
  }
  std::string shown;
  append_shown(*this, shown);
  return shown;
}

Result<JsonValue> parse_json(std::string_view document) {
  TreeBuilder builder;
  const bool ok = nlohmann::json::sax_parse(document.begin(), document.end(), &builder);
  return builder.take(ok);
}

}  // namespace tocsin
