// JsonExtent: where the first JSON object or list of a growing stream of bytes begins and ends. It
// counts brackets outside strings and leaves all else to the parser (core/json_value.h), so each
// byte is looked at once, however the stream was cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

class JsonExtent {
 public:
  enum class State : uint8_t { waiting, inside, whole, broken };

  // `text` is the whole stream so far; of it the bytes since the last call are looked at. After
  // `whole` and `broken` nothing changes.
  State look_at(std::string_view text);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] size_t begin() const { return begin_; }  // of the first { or [
  // Behind its closing bracket; of a broken one: behind the byte that broke it, a bracket that
  // closes nothing or one nested deeper than kJsonDepthMax.
  [[nodiscard]] size_t end() const { return at_; }

 private:
  void take(char c);

  State state_ = State::waiting;
  size_t begin_ = 0;
  size_t at_ = 0;         // bytes looked at
  uint64_t objects_ = 0;  // one bit for each open bracket, the innermost lowest: it is a {
  size_t depth_ = 0;
  bool in_string_ = false, escaped_ = false;
};

}  // namespace tocsin
