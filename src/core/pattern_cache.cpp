#include "core/pattern_cache.h"

#include <re2/re2.h>

#include <utility>

#include "base/limits.h"

namespace tocsin {
namespace {

// Of one thread. A usual pattern takes some KiB, none more than kRegexMemoryMax.
constexpr size_t kPatternsKept = 1024;

std::shared_ptr<const re2::RE2> compile(std::string_view expression) {
  re2::RE2::Options options(re2::RE2::Latin1);
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemoryMax);
  return std::make_shared<const re2::RE2>(re2::StringPiece(expression.data(), expression.size()),
                                          options);
}

}  // namespace

std::shared_ptr<const re2::RE2> PatternCache::get(std::string_view expression) {
  const auto found = entries_.find(expression);
  if (found != entries_.end()) {
    return found->second;
  }
  ++compiled_;
  std::shared_ptr<const re2::RE2> made = compile(expression);
  if (made->ok()) {
    make_room();
    texts_.emplace_back(expression);
    entries_.emplace(texts_.back(), made);
  }
  return made;
}

// Monitors take turns, so the one that waited longest comes next: with a few patterns too many,
// forgetting the oldest would keep none that is asked for. Any other one keeps most of them; which,
// a fixed mixing of the count says.
void PatternCache::make_room() {
  while (entries_.size() >= patterns_max_) {
    constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
    const size_t nth = ((compiled_ * kOdd) >> 32) % texts_.size();
    std::swap(texts_[nth], texts_.back());
    entries_.erase(texts_.back());
    texts_.pop_back();
  }
}

PatternCache& thread_patterns() {
  thread_local PatternCache patterns(kPatternsKept);
  return patterns;
}

}  // namespace tocsin
