// StreamPattern: where in a growing stream of bytes an `expect` or `refuse` pattern is met for
// good. "For good" means that no byte that may still come can undo it: `OK$`, `\bOK\b` and
// `(?m)OK$` all look at what follows, and each is believed only when that is known. The place does
// not depend on how the network cut the stream.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace tocsin {

inline constexpr size_t kGrowthBytesMax = 1024;
inline constexpr size_t kGrownMatchBytesMax = 8192;

// What the groups of a regular expression took, by number; [0] is the whole match. Nothing: the
// group took no part in it. Views into the text that was searched.
struct StreamGroups {
  size_t end = 0;       // bytes of the text up to the end of the match
  bool is_cut = false;  // the match goes on, but nobody looks how far
  std::vector<std::optional<std::string_view>> values;
};

class StreamPattern {
 public:
  static StreamPattern literal(std::string_view bytes);
  // RE2 on bytes (Latin-1), as in core/pattern.h. `^` is the beginning of the text or of a line: a
  // dialogue's text begins where the step before ended, which may be inside a line.
  static StreamPattern regex(std::string_view expression);

  // False: the expression does not compile within kRegexMemoryMax; it is never met.
  [[nodiscard]] bool is_valid() const;
  // Length of the shortest beginning of `text`, at least one byte, in which the pattern is met
  // whatever follows it.
  [[nodiscard]] std::optional<size_t> met_for_good(std::string_view text) const;
  // Met when `text`, at least one byte, is all there is.
  [[nodiscard]] bool met_at_end(std::string_view text) const;
  // --- groups; of a regular expression that is met in the first `met` bytes of `text` for good
  [[nodiscard]] size_t groups() const;
  // The group of that name, or of that number; nothing: there is none.
  [[nodiscard]] std::optional<size_t> group_number(std::string_view group) const;
  // The first match, once it cannot grow: a byte came that it did not take, or none could be taken
  // (`id=(\d+)` waits for what is no digit, `id=(\d+)\r` ends by itself). Looks at the lengths
  // `unsettled`..`text`.size() one by one and leaves in it where to go on. Each costs a search, so
  // a match is cut that goes on kGrowthBytesMax bytes after `met`, or that is longer than
  // kGrownMatchBytesMax by then.
  [[nodiscard]] std::optional<StreamGroups> settled_groups(std::string_view text, size_t met,
                                                           size_t& unsettled) const;
  // The first match when nothing follows.
  [[nodiscard]] std::optional<StreamGroups> groups_at_end(std::string_view text) const;

  // For messages: "+PONG" in quotes or /^220/, safe to show.
  [[nodiscard]] std::string shown() const;

 private:
  explicit StreamPattern(std::string_view source);
  [[nodiscard]] bool is_met_within(std::string_view text, size_t length) const;

  std::string source_;
  std::shared_ptr<const re2::RE2> regex_;  // none: source_ is literal
};

}  // namespace tocsin
