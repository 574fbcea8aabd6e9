// PatternCache: compiled regular expressions by their text, so that a check compiles nothing once
// its patterns have been seen. RE2 on bytes (Latin-1) within kRegexMemoryMax; all options are the
// same for all, what differs stands in the expression ("(?m)").
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace re2 {
class RE2;
}

namespace tocsin {

class PatternCache {
 public:
  explicit PatternCache(size_t patterns_max) : patterns_max_(patterns_max) {}

  // Never null; what is no regular expression is not ok() and not kept. Lives as long as somebody
  // holds it, whatever the cache forgets.
  std::shared_ptr<const re2::RE2> get(std::string_view expression);

  [[nodiscard]] uint64_t compiled() const { return compiled_; }  // how often, since the beginning
  [[nodiscard]] size_t size() const { return entries_.size(); }

 private:
  struct ByText {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  void make_room();

  size_t patterns_max_;
  uint64_t compiled_ = 0;
  std::unordered_map<std::string, std::shared_ptr<const re2::RE2>, ByText, std::equal_to<>>
      entries_;
  std::vector<std::string> texts_;  // of entries_, in no order
};

// The one of the calling thread: RE2 takes a lock where threads share a pattern. A state of its own
// where this code has none otherwise, because it changes no answer, only when it is there.
PatternCache& thread_patterns();

}  // namespace tocsin
