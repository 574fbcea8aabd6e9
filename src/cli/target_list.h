// The targets of one `tocsin probe`: words of the command line and lines of standard input, each
// with the place where it was written, so that a mistake in a list of thousands is found.
#pragma once

#include <istream>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace tocsin::cli {

inline constexpr size_t kProbeTargetsMax = 100'000;  // arguments and lines of standard input
inline constexpr size_t kTargetLineBytesMax = 1024;  // a host has 253, a unix path 107

struct TargetText {
  std::string text;
  size_t line = 0;  // of standard input, from 1; 0: a word of the command line

  // What a message about it begins with: "stdin:3: ", or nothing where the text itself is in sight.
  [[nodiscard]] std::string place() const;
};

// `in` is read only when a word is "-": one target a line, empty lines and #comments left out.
Result<std::vector<TargetText>> read_target_list(std::span<const std::string> words,
                                                 std::istream& in);

}  // namespace tocsin::cli
