// Stored texts that are alike but for their numbers, as the states of thousands of monitors are:
// one that is like the one before is read by putting its numbers into a copy of the value that was
// read then. Internal to the json_*.cpp files.
#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/json_archive.h"

namespace tocsin::stored {

// Puts numbers into a value, in the order in which a writer would write its own.
class NumberArchive {
 public:
  static constexpr bool kReads = false;

  // All outlive it.
  explicit NumberArchive(const std::vector<int64_t>& numbers) : numbers_(numbers) {}
  // Every number had its place, and fitted.
  [[nodiscard]] bool is_whole() const { return fits_ && at_ == numbers_.size(); }

  template <class T>
  void field(std::string_view, T& value) {
    put(value);
  }
  // What is shared with others is not written into.
  template <class T>
  void field(std::string_view, const T&) {
    fits_ = false;
  }
  template <class T>
  void sparse(std::string_view, T& value) {
    if (!(value == T{})) {
      put(value);
    }
  }
  template <class T>
  void usual(std::string_view, T& value, const std::type_identity_t<T>& usual) {
    if (!(value == usual)) {
      put(value);
    }
  }

 private:
  template <class T>
  void put(T& value) {
    constexpr bool is_other = std::same_as<T, std::string> || std::same_as<T, bool> ||
                              std::is_enum_v<T> || requires { text_form(value); };
    if constexpr (is_other) {
      return;
    } else if constexpr (std::integral<T>) {
      const int64_t number = next();
      fits_ = fits_ && std::in_range<T>(number);
      value = static_cast<T>(number);
    } else if constexpr (std::same_as<T, Duration>) {
      value = Duration(next());
    } else if constexpr (std::same_as<T, SystemTime>) {
      value = SystemTime(Duration(next()));
    } else {
      describe(*this, value);
    }
  }
  template <class T>
  void put(std::optional<T>& value) {
    if (value) {
      put(*value);
    }
  }
  template <class T>
  void put(std::vector<T>& value) {
    for (T& item : value) {
      put(item);
    }
  }
  template <class Key, class T>
  void put(std::map<Key, T>& value) {  // its keys are texts
    for (auto& [key, item] : value) {
      put(item);
    }
  }
  int64_t next() {
    fits_ = fits_ && at_ < numbers_.size();
    return fits_ ? numbers_[at_++] : 0;
  }

  const std::vector<int64_t>& numbers_;
  size_t at_ = 0;
  bool fits_ = true;
};

// A text that was read, cut where its numbers stand.
class NumberCuts {
 public:
  // Of JSON without a backslash.
  explicit NumberCuts(std::string text);

  // The numbers of a text that differs in nothing else.
  [[nodiscard]] bool read(std::string_view text, std::vector<int64_t>& numbers) const;

 private:
  std::string text_;
  std::vector<std::pair<size_t, size_t>> cuts_;  // where each begins and ends
};

}  // namespace tocsin::stored
