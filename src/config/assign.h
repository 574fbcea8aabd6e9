// assign: keeps a value that was read; after a mistake, which has been told, the default stays.
#pragma once

#include <optional>
#include <utility>

namespace tocsin {

template <class To, class From>
void assign(To& to, std::optional<From> from) {
  if (from) {
    to = static_cast<To>(std::move(*from));
  }
}

template <class Value>
void assign(std::optional<Value>& to, std::optional<Value> from) {
  if (from) {
    to = std::move(from);
  }
}

}  // namespace tocsin
