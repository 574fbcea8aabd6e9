// Rows of a query as values, until one makes no sense; most are one column of JSON. Internal to the
// readers.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "store/sqlite.h"

namespace tocsin {

// `make(row)` gives a Result<T>.
template <class T, class Make>
Result<std::vector<T>> read_rows(sqlite::Rows rows, Make make) {
  std::vector<T> values;
  while (true) {
    const Result<bool> found = rows.next();
    if (!found) {
      return std::unexpected(found.error());
    }
    if (!*found) {
      return values;
    }
    Result<T> value = make(std::as_const(rows));
    if (!value) {
      return std::unexpected(value.error());
    }
    values.push_back(std::move(*value));
  }
}

// What makes a value of a column of JSON.
template <class T>
auto from_text(Result<T> (*parse)(std::string_view)) {
  return [parse](const sqlite::Rows& row) { return parse(row.text(0)); };
}

// The first of them, for queries by key.
template <class T>
Result<std::optional<T>> first_of(Result<std::vector<T>> values) {
  if (!values) {
    return std::unexpected(values.error());
  }
  return values->empty() ? std::nullopt : std::optional(std::move(values->front()));
}

}  // namespace tocsin
