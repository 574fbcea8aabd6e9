#include "cli/target_list.h"

#include <fmt/format.h>

#include <array>

namespace tocsin::cli {
namespace {

constexpr const char* kSpace = " \t\r";

// Lines of `in`, counted. One that is too long is not read to its end: it may have none.
class LineReader {
 public:
  explicit LineReader(std::istream& in) : in_(in) {}

  // False at the end of the input; an error for a line that is too long.
  Result<bool> next(TargetText& line) {
    std::array<char, kTargetLineBytesMax + 2> buffer{};  // the line end and getline's zero
    in_.getline(buffer.data(), buffer.size());
    const auto taken = static_cast<size_t>(in_.gcount());
    if (taken == 0) {
      return false;
    }
    ++count_;
    const bool has_end = !in_.eof() && !in_.fail();
    line = {.text = std::string(buffer.data(), taken - (has_end ? 1 : 0)), .line = count_};
    if (line.text.size() > kTargetLineBytesMax) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("{}the line is too long for a target, more than {} bytes",
                              line.place(), kTargetLineBytesMax));
    }
    return true;
  }

 private:
  std::istream& in_;
  size_t count_ = 0;
};

Result<void> read_lines(std::istream& in, std::vector<TargetText>& targets) {
  LineReader lines(in);
  TargetText line;
  while (targets.size() <= kProbeTargetsMax) {
    const Result<bool> has_line = lines.next(line);
    if (!has_line) {
      return std::unexpected(has_line.error());
    }
    if (!*has_line) {
      return {};
    }
    const size_t begin = line.text.find_first_not_of(kSpace);
    if (begin != std::string::npos && line.text[begin] != '#') {
      const size_t end = line.text.find_last_not_of(kSpace) + 1;
      targets.push_back({.text = line.text.substr(begin, end - begin), .line = line.line});
    }
  }
  return {};
}

}  // namespace

std::string TargetText::place() const { return line == 0 ? "" : fmt::format("stdin:{}: ", line); }

Result<std::vector<TargetText>> read_target_list(std::span<const std::string> words,
                                                 std::istream& in) {
  std::vector<TargetText> targets;
  for (const std::string& word : words) {
    if (word != "-") {
      targets.push_back({.text = word});
    } else if (const Result<void> read = read_lines(in, targets); !read) {
      return std::unexpected(read.error());
    }
  }
  if (targets.empty()) {
    return fail(ErrorKind::invalid_input, "standard input: no target in it");
  }
  if (targets.size() > kProbeTargetsMax) {
    return fail(ErrorKind::invalid_input,
                fmt::format("at most {} targets at once", kProbeTargetsMax));
  }
  return targets;
}

}  // namespace tocsin::cli
