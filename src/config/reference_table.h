// Rows of a field table as a Markdown table: what the reader demands is what the page says.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "model/field_table.h"

namespace tocsin {

// Field, meaning, type, default, limits, example. A type with a section of its own links to it.
std::string field_table(std::span<const Field> fields);

// `| a | b |`; a bar inside a cell is escaped, so that it stays in its cell.
std::string table_row(std::initializer_list<std::string_view> cells);
std::string table_head(std::initializer_list<std::string_view> cells);

// In backticks; empty stays empty.
std::string code(std::string_view text);

}  // namespace tocsin
