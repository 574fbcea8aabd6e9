// One description of a type serves writing and reading, so that the two cannot drift apart:
//
//   template <class Archive, Is<RetryPolicy> V>
//   void describe(Archive& archive, V& policy) {
//     archive.field("strategy", policy.strategy);       // always written
//     archive.sparse("total_us", policy.total);         // left out when it is its type's zero,
//     which is also the default when read
//   }
//
// Internal to the json_*.cpp files: it carries nlohmann's header, which no other file should pay
// for.
#pragma once

#include <charconv>
#include <concepts>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/result.h"
#include "store/json_names.h"

namespace tocsin::stored {

using Json = nlohmann::json;

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

class JsonArchiveWriter {
 public:
  static constexpr bool kReads = false;

  template <class T>
  void field(const char* name, const T& value) {
    if constexpr (IsOptional<T>::value) {
      if (value) {
        field(name, *value);
      }
    } else {
      object_[name] = form_of(value);
    }
  }
  template <class T>
  void sparse(const char* name, const T& value) {
    if (!(value == T{})) {
      field(name, value);
    }
  }
  [[nodiscard]] Json take() { return std::move(object_); }

  template <class T>
  static Json form_of(const T& value) {
    if constexpr (std::same_as<T, std::string>) {
      // JSON is text; what is not goes as base64 in an object, which no text can be mistaken for.
      return is_valid_utf8(value) ? Json(value) : Json{{"base64", to_base64(value)}};
    } else if constexpr (std::same_as<T, bool> || std::integral<T>) {
      return Json(value);
    } else if constexpr (std::same_as<T, Duration>) {
      return Json(int64_t{value.count()});
    } else if constexpr (std::same_as<T, SystemTime>) {
      return Json(int64_t{value.time_since_epoch().count()});
    } else if constexpr (std::is_enum_v<T>) {
      return Json(std::string(wire_name(value)));
    } else if constexpr (IsVector<T>::value) {
      Json list = Json::array();
      for (const auto& item : value) {
        list.push_back(form_of(item));
      }
      return list;
    } else if constexpr (requires { text_form(value); }) {
      return form_of(std::string(text_form(value)));
    } else {
      JsonArchiveWriter nested;
      describe(nested, value);
      return nested.take();
    }
  }
  // Objects keyed by a number.
  template <class Key, class T>
  static Json form_of(const std::map<Key, T>& value) {
    Json object = Json::object();
    for (const auto& [key, item] : value) {
      object[std::to_string(key)] = form_of(item);
    }
    return object;
  }

 private:
  Json object_ = Json::object();
};

class JsonArchiveReader {
 public:
  static constexpr bool kReads = true;

  // The first thing that is wrong goes to `problem` ("alert.after_runs is not a whole number");
  // both outlive the reader.
  JsonArchiveReader(const Json& object, std::string path, std::string& problem)
      : object_(object), path_(std::move(path)), problem_(problem) {
    if (!object_.is_object()) {
      report(path_, "is not an object");
    }
  }

  template <class T>
  void field(const char* name, T& value) {
    if (!object_.is_object()) {
      return;
    }
    const auto found = object_.find(name);
    if (found == object_.end()) {
      return;
    }
    read(*found, path_.empty() ? name : path_ + "." + name, value);
  }
  template <class T>
  void sparse(const char* name, T& value) {
    field(name, value);
  }

 private:
  void report(const std::string& path, std::string_view what) {
    if (problem_.empty()) {
      problem_ = (path.empty() ? std::string("the value") : path) + " " + std::string(what);
    }
  }

  template <class T>
  void read(const Json& json, const std::string& path, T& value) {
    if constexpr (std::same_as<T, std::string>) {
      read_text(json, path, value);
    } else if constexpr (std::same_as<T, bool>) {
      json.is_boolean() ? static_cast<void>(value = json.get<bool>())
                        : report(path, "is not true or false");
    } else if constexpr (std::integral<T>) {
      read_number(json, path, value);
    } else if constexpr (std::same_as<T, Duration>) {
      int64_t count = value.count();
      read_number(json, path, count);
      value = Duration(count);
    } else if constexpr (std::same_as<T, SystemTime>) {
      int64_t count = value.time_since_epoch().count();
      read_number(json, path, count);
      value = SystemTime(Duration(count));
    } else if constexpr (std::is_enum_v<T>) {
      std::string name;
      read_text(json, path, name);
      from_wire_name(name, value) ? void() : report(path, "is not a name known here");
    } else if constexpr (requires { text_form(value); }) {
      std::string text;
      read_text(json, path, text);
      from_text_form(text, value) ? void() : report(path, "is not well formed");
    } else {
      JsonArchiveReader nested(json, path, problem_);
      describe(nested, value);
    }
  }
  template <class T>
  void read(const Json& json, const std::string& path, std::optional<T>& value) {
    T inner{};
    read(json, path, inner);
    value = std::move(inner);
  }
  template <class T>
  void read(const Json& json, const std::string& path, std::vector<T>& value) {
    if (!json.is_array()) {
      return report(path, "is not a list");
    }
    value.clear();
    for (const Json& item : json) {
      T& place = value.emplace_back();
      read(item, path + "[" + std::to_string(value.size() - 1) + "]", place);
    }
  }
  template <class Key, class T>
  void read(const Json& json, const std::string& path, std::map<Key, T>& value) {
    if (!json.is_object()) {
      return report(path, "is not an object");
    }
    value.clear();
    for (const auto& [text, item] : json.items()) {
      Key key{};
      const auto parsed = std::from_chars(text.data(), text.data() + text.size(), key);
      if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
        return report(path, "has a key that is not a number");
      }
      std::string place = path;
      place.append(".").append(text);
      read(item, place, value[key]);
    }
  }

  template <class T>
  void read_number(const Json& json, const std::string& path, T& value) {
    const bool fits = json.is_number_unsigned()  ? std::in_range<T>(json.get<uint64_t>())
                      : json.is_number_integer() ? std::in_range<T>(json.get<int64_t>())
                                                 : false;
    fits ? static_cast<void>(value = json.get<T>())
         : report(path, "is not a whole number that fits");
  }
  void read_text(const Json& json, const std::string& path, std::string& value) {
    if (json.is_string()) {
      value = json.get_ref<const std::string&>();
      return;
    }
    if (json.is_object() && json.size() == 1 && json.contains("base64") &&
        json["base64"].is_string()) {
      if (Result<std::string> bytes = from_base64(json["base64"].get_ref<const std::string&>())) {
        value = std::move(*bytes);
        return;
      }
    }
    report(path, "is not text");
  }

  const Json& object_;
  std::string path_;
  std::string& problem_;
};

template <class T>
std::string write_json(const T& value) {
  return dump_json(JsonArchiveWriter::form_of(value));
}

// `what` names the kind of value in the message of an error: "a monitor".
template <class T>
Result<T> read_json(std::string_view text, std::string_view what) {
  const std::string stored = "stored " + std::string(what) + ": ";
  if (text.size() > kJsonBytesMax) {
    return fail(ErrorKind::corrupt, stored + "it is longer than any that was written");
  }
  const Json json = parse_json(text);
  if (json.is_discarded()) {
    return fail(ErrorKind::corrupt, stored + "it is not JSON");
  }
  T value{};
  std::string problem;
  JsonArchiveReader reader(json, "", problem);
  describe(reader, value);
  if (!problem.empty()) {
    return fail(ErrorKind::corrupt, stored + problem);
  }
  return value;
}

}  // namespace tocsin::stored
