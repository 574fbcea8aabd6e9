// How many members an aggregate has, found by trying: for the test that no member is forgotten in a
// description of it.
#pragma once

#include <cstddef>
#include <utility>

namespace tocsin::fixtures {

struct Anything {
  template <class T>
  operator T() const;  // never called
};

template <class T, size_t... Index>
constexpr bool can_take(std::index_sequence<Index...>) {
  return requires { T{(static_cast<void>(Index), Anything())...}; };
}

template <class T, size_t Count = 0>
constexpr size_t field_count() {
  if constexpr (can_take<T>(std::make_index_sequence<Count + 1>())) {
    return field_count<T, Count + 1>();
  } else {
    return Count;
  }
}

}  // namespace tocsin::fixtures
