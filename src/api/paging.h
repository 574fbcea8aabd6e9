// Paging of lists: `limit` and an opaque `cursor` that names the last row shown, so that new rows
// never shift a page.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/problem.h"
#include "base/limits.h"
#include "base/time.h"

namespace tocsin {

// `limit` of the query: 1 to kPageMax, kPageDefault when absent.
std::expected<size_t, FieldProblem> page_limit(const ApiRequest& request);
FieldProblem bad_cursor();
// A value of the query that is none of those allowed: `choices` as a person would list them.
FieldProblem invalid_choice(std::string_view name, std::string_view choices, std::string_view got);

// One row more than shown tells whether there is a next page; at the largest page the store gives
// no more, so it is guessed.
inline size_t rows_to_ask(size_t limit) { return limit < kPageMax ? limit + 1 : limit; }
inline bool has_next(size_t rows, size_t limit) {
  return limit < kPageMax ? rows > limit : rows == limit;
}

// Query values as types. Nothing when absent.
std::expected<std::optional<SystemTime>, FieldProblem> query_time(const ApiRequest& request,
                                                                  std::string_view name);
std::expected<std::optional<bool>, FieldProblem> query_flag(const ApiRequest& request,
                                                            std::string_view name);
// A whole number of the whole text, without sign.
std::optional<uint64_t> whole_number(std::string_view text);

}  // namespace tocsin
