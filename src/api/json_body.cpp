#include "api/json_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/bytes.h"

namespace tocsin {
namespace {

using Kind = BodyValue::Kind;

// Builds the tree from the library's events and stops at the first broken limit. The library's
// parser keeps its own stack, so depth costs no call frames before it is refused.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  BodyValue root;
  std::string error;

  bool null() override { return add({}) != nullptr; }
  bool boolean(bool value) override {
    return add({.kind = Kind::boolean, .boolean = value}) != nullptr;
  }
  bool number_integer(number_integer_t value) override { return number(fmt::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(fmt::to_string(value)); }
  bool number_float(number_float_t, const string_t& written) override { return number(written); }
  bool string(string_t& value) override {
    if (value.size() > kJsonStringBytesMax) {
      return stop(fmt::format("a string is longer than {} bytes", kJsonStringBytesMax));
    }
    return add({.kind = Kind::text, .text = std::move(value)}) != nullptr;
  }
  bool binary(binary_t&) override { return stop("binary values are not JSON"); }
  bool start_object(std::size_t) override { return open(Kind::object); }
  bool start_array(std::size_t) override { return open(Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (++nodes_ > kJsonNodesMax) {
      return stop(fmt::format("more than {} values and keys", kJsonNodesMax));
    }
    if (open_.back()->find(name) != nullptr) {
      return stop(fmt::format("the key \"{}\" stands twice in one object",
                              escape_for_display(name, kKeyShownBytes)));
    }
    open_.back()->members.push_back({.name = std::move(name), .value = {}});
    return true;
  }

  bool parse_error(std::size_t position, const std::string& last,
                   const nlohmann::json::exception&) override {
    return stop(fmt::format("not JSON at byte {}, near \"{}\"", position,
                            escape_for_display(to_valid_utf8(last), kKeyShownBytes)));
  }

 private:
  static constexpr size_t kKeyShownBytes = 60;  // of outside text in a message

  bool stop(std::string why) {
    if (error.empty()) {
      error = std::move(why);
    }
    return false;
  }

  bool number(std::string written) {
    return add({.kind = Kind::number, .text = std::move(written)}) != nullptr;
  }

  BodyValue* add(BodyValue value) {
    if (++nodes_ > kJsonNodesMax) {
      stop(fmt::format("more than {} values and keys", kJsonNodesMax));
      return nullptr;
    }
    if (open_.empty()) {
      root = std::move(value);
      return &root;
    }
    BodyValue& parent = *open_.back();
    if (parent.kind == Kind::list) {
      return &parent.items.emplace_back(std::move(value));
    }
    parent.members.back().value = std::move(value);
    return &parent.members.back().value;
  }

  bool open(Kind kind) {
    if (open_.size() >= kJsonDepthMax) {
      return stop(fmt::format("nested deeper than {} levels", kJsonDepthMax));
    }
    BodyValue* const made = add({.kind = kind});
    if (made == nullptr) {
      return false;
    }
    open_.push_back(made);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  // A parent gets no new items while one of its children is open, so these pointers stay good.
  std::vector<BodyValue*> open_;
  size_t nodes_ = 0;
};

Problem invalid_json(std::string_view why) {
  return {.status = 400,
          .code = "invalid_json",
          .detail = fmt::format("The body is refused: {}.", why)};
}

bool is_json_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) {
    type.pop_back();
  }
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type == "application/json" || type == "application/merge-patch+json" || type.empty();
}

}  // namespace

const BodyValue* BodyValue::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &BodyMember::name);
  return found == members.end() ? nullptr : &found->value;
}

std::expected<BodyValue, Problem> read_json(std::string_view body) {
  if (body.size() > kHttpBodyBytesMax) {
    return std::unexpected(
        Problem{.status = 413,
                .code = "too_large",
                .detail = fmt::format("The body is larger than {} bytes.", kHttpBodyBytesMax)});
  }
  // The library looks at UTF-8 inside strings only; outside of them it would be a syntax error
  // anyway.
  if (!is_valid_utf8(body)) {
    return std::unexpected(invalid_json("it is not valid UTF-8"));
  }
  TreeBuilder builder;
  try {
    if (!nlohmann::json::sax_parse(body.begin(), body.end(), &builder)) {
      return std::unexpected(invalid_json(builder.error));
    }
  } catch (const std::exception&) {
    return std::unexpected(invalid_json("a value is out of range"));
  }
  return std::move(builder.root);
}

std::expected<BodyValue, Problem> read_json_object(const ApiRequest& request) {
  if (request.body.empty()) {
    return BodyValue{.kind = Kind::object};
  }
  if (!is_json_type(request.header("content-type"))) {
    return std::unexpected(Problem{.status = 415,
                                   .code = "unsupported_media_type",
                                   .detail = "The body must be application/json."});
  }
  auto value = read_json(request.body);
  if (value && !value->is_object()) {
    return std::unexpected(validation_failed(
        {{.pointer = "",
          .code = "wrong_type",
          .message = "The body must be a JSON object, {\"name\": value, ...}."}}));
  }
  return value;
}

FieldReader::FieldReader(const BodyValue& object, std::vector<std::string_view> known)
    : object_(object) {
  for (const BodyMember& member : object.members) {
    if (std::ranges::find(known, member.name) != known.end()) {
      continue;
    }
    const std::string nearest = nearest_name(member.name, known);
    errors_.push_back(
        {.pointer = pointer_step(member.name),
         .code = "unknown_field",
         .message =
             fmt::format("There is no field \"{}\" here.", escape_for_display(member.name, 60)),
         .hint = nearest.empty() ? "" : fmt::format("Did you mean \"{}\"?", nearest)});
    if (errors_.size() >= 100) {
      break;
    }
  }
}

std::optional<std::string> FieldReader::text(std::string_view name, size_t bytes_max,
                                             bool required) {
  const BodyValue* const value = object_.find(name);
  if (value == nullptr || value->kind == Kind::null) {
    if (required) {
      refuse(name, "required", fmt::format("\"{}\" is missing.", name));
    }
    return std::nullopt;
  }
  if (!value->is_text()) {
    refuse(name, "wrong_type", fmt::format("\"{}\" must be text in quotes.", name));
    return std::nullopt;
  }
  if (value->text.size() > bytes_max) {
    refuse(name, "too_long", fmt::format("\"{}\" may have {} bytes at most.", name, bytes_max));
    return std::nullopt;
  }
  return value->text;
}

void FieldReader::refuse(std::string_view name, std::string_view code, std::string message) {
  errors_.push_back(
      {.pointer = pointer_step(name), .code = std::string(code), .message = std::move(message)});
}

}  // namespace tocsin
