#include "config/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "config/excerpt.h"

namespace tocsin {
namespace {

constexpr size_t kKeptMax = 10'000;  // problems in memory; a broken generator makes one per line

}  // namespace

void ProblemList::error(size_t file, TextMark at, std::string message, std::string hint) {
  ++errors_;
  add({file, at, std::move(message), std::move(hint), false});
}

void ProblemList::warning(size_t file, TextMark at, std::string message, std::string hint) {
  add({file, at, std::move(message), std::move(hint), true});
}

void ProblemList::add(Found found) {
  if (found_.size() < kKeptMax) {
    found_.push_back(std::move(found));
  } else {
    ++dropped_;
  }
}

std::vector<ConfigProblem> ProblemList::finish() const {
  std::vector<const Found*> order;
  order.reserve(found_.size());
  for (const Found& found : found_) {
    order.push_back(&found);
  }
  // The place in found_ keeps problems of one place in the order of their finding.
  std::ranges::sort(order, {},
                    [](const Found* found) { return std::tuple(found->file, found->at, found); });
  const size_t total = order.size() + dropped_;
  const size_t shown = total > kProblemsMax ? kProblemsMax - 1 : order.size();
  std::vector<ConfigProblem> problems;
  problems.reserve(shown + 1);
  for (size_t i = 0; i < shown; ++i) {
    const Found& found = *order[i];
    const std::string_view text = texts_[found.file].text;
    problems.push_back({.file = texts_[found.file].name,
                        .line = found.at.line,
                        .column = character_column(text, found.at.line, found.at.column),
                        .message = found.message,
                        .hint = found.hint,
                        .excerpt = safe_line(text, found.at.line),
                        .is_warning = found.is_warning});
  }
  if (total > shown) {
    const Found& next = *order[shown];
    problems.push_back(
        {.file = texts_[next.file].name,
         .line = next.at.line,
         .column = character_column(texts_[next.file].text, next.at.line, next.at.column),
         .message = fmt::format("{} more problems are not shown", total - shown),
         .is_warning = errors_ == 0});
  }
  return problems;
}

std::string problem_text(const ConfigProblem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) {
    text += fmt::format(":{}:{}", problem.line, problem.column);
  }
  text += fmt::format(": {}: {}\n", problem.is_warning ? "warning" : "error", problem.message);
  if (!problem.excerpt.empty()) {
    text += fmt::format("  {}\n", problem.excerpt);
    const size_t padding = static_cast<size_t>(std::max(problem.column, 1)) - 1;
    if (padding < character_count(problem.excerpt)) {
      text += fmt::format("  {:{}}^\n", "", padding);
    }
  }
  if (!problem.hint.empty()) {
    text += fmt::format("  hint: {}\n", problem.hint);
  }
  return text;
}

}  // namespace tocsin
