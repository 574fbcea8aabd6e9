// ProblemList: the mistakes found while reading, from all files. Reading goes on after a mistake,
// so the list is bounded; at the end it is put in order, cut, and each problem gets its line of
// text, made safe to show.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "config/config_reader.h"

namespace tocsin {

// A place in a text: line and column from 1, the column in bytes.
struct TextMark {
  int line = 1, column = 1;
  auto operator<=>(const TextMark&) const = default;
};

class ProblemList {
 public:
  // `texts` stay alive as long as this list; a `file` below is an index into them.
  explicit ProblemList(std::span<const ConfigText> texts) : texts_(texts) {}

  void error(size_t file, TextMark at, std::string message, std::string hint = {});
  void warning(size_t file, TextMark at, std::string message, std::string hint = {});

  [[nodiscard]] size_t errors() const { return errors_; }
  [[nodiscard]] const std::string& file_name(size_t file) const { return texts_[file].name; }

  // In order of files and lines, at most kProblemsMax; the last one says how many more there are.
  [[nodiscard]] std::vector<ConfigProblem> finish() const;

 private:
  struct Found {
    size_t file = 0;
    TextMark at;
    std::string message, hint;
    bool is_warning = false;
  };
  void add(Found found);

  std::span<const ConfigText> texts_;
  std::vector<Found> found_;
  size_t errors_ = 0;
  size_t dropped_ = 0;
};

inline constexpr size_t kProblemsMax = 200;  // what a person would read at once, with room

}  // namespace tocsin
