// Wire names of an enum as one small table, read both ways.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/check.h"

namespace tocsin {

template <class Enum>
struct NamedValue {
  Enum value;
  std::string_view name;
};

template <class Enum, size_t size>
std::string_view name_in(const std::array<NamedValue<Enum>, size>& table, Enum value) {
  for (const NamedValue<Enum>& row : table) {
    if (row.value == value) {
      return row.name;
    }
  }
  CHECK(false, "every enumerator has a wire name");
}

template <class Enum, size_t size>
std::optional<Enum> value_in(const std::array<NamedValue<Enum>, size>& table,
                             std::string_view name) {
  for (const NamedValue<Enum>& row : table) {
    if (row.name == name) {
      return row.value;
    }
  }
  return std::nullopt;
}

}  // namespace tocsin
