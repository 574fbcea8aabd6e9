#include "api/csv.h"

#include <fmt/format.h>

#include "base/bytes.h"

namespace tocsin {
namespace {

// OWASP's list; a tab or a line end may be skipped by a spreadsheet, and the sign after it read.
constexpr std::string_view kFormulaMarks = "=+-@\t\r\n";
constexpr std::string_view kQuoted = ",\"\r\n";

}  // namespace

void CsvWriter::plain(std::string_view value) {
  if (needs_comma_) {
    out_ += ',';
  }
  needs_comma_ = true;
  out_ += value;
}

CsvWriter& CsvWriter::text(std::string_view value) {
  std::string cell = to_valid_utf8(value);
  if (!cell.empty() && kFormulaMarks.contains(cell.front())) {
    cell.insert(cell.begin(), '\'');
  }
  if (cell.find_first_of(kQuoted) == std::string::npos) {
    plain(cell);
    return *this;
  }
  std::string quoted = "\"";
  for (const char c : cell) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  plain(quoted + '"');
  return *this;
}

CsvWriter& CsvWriter::number(uint64_t value) {
  plain(fmt::to_string(value));
  return *this;
}

CsvWriter& CsvWriter::us(const std::optional<Duration>& value) {
  plain(value ? fmt::to_string(value->count()) : std::string());
  return *this;
}

CsvWriter& CsvWriter::time(SystemTime value) {
  plain(rfc3339(value));
  return *this;
}

CsvWriter& CsvWriter::skip() {
  plain({});
  return *this;
}

void CsvWriter::end_row() {
  out_ += "\r\n";
  needs_comma_ = false;
}

void CsvWriter::row(std::initializer_list<std::string_view> cells) {
  for (const std::string_view cell : cells) {
    text(cell);
  }
  end_row();
}

}  // namespace tocsin
