// CSV as RFC 4180 has it: CRLF, quotes doubled. A text cell that a spreadsheet would take for a
// formula gets a ' in front: what a target answered must not run at somebody's desk.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tocsin {

class CsvWriter {
 public:
  CsvWriter& text(std::string_view value);
  CsvWriter& number(uint64_t value);
  // Whole microseconds; empty when absent.
  CsvWriter& us(const std::optional<Duration>& value);
  CsvWriter& time(SystemTime value);  // RFC 3339, UTC, milliseconds
  CsvWriter& skip();                  // a cell with nothing in it
  void end_row();

  void row(std::initializer_list<std::string_view> cells);
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void plain(std::string_view value);
  std::string out_;
  bool needs_comma_ = false;
};

}  // namespace tocsin
