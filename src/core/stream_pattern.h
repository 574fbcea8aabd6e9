// StreamPattern: where in a growing stream of bytes an `expect` or `refuse` pattern is met for
// good. "For good" means that no byte that may still come can undo it: `OK$`, `\bOK\b` and
// `(?m)OK$` all look at what follows, and each is believed only when that is known. The place does
// not depend on how the network cut the stream.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace tocsin {

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
  // For messages: "+PONG" in quotes or /^220/, safe to show.
  [[nodiscard]] std::string shown() const;

  ~StreamPattern();
  StreamPattern(StreamPattern&&) noexcept;
  StreamPattern& operator=(StreamPattern&&) noexcept;

 private:
  explicit StreamPattern(std::string_view source);
  [[nodiscard]] bool is_met_within(std::string_view text, size_t length) const;

  std::string source_;
  std::unique_ptr<re2::RE2> regex_;  // none: source_ is literal
};

}  // namespace tocsin
