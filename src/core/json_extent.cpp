#include "core/json_extent.h"

#include "base/limits.h"

namespace tocsin {

static_assert(kJsonDepthMax <= 64, "a bit for each level");

JsonExtent::State JsonExtent::look_at(std::string_view text) {
  while (at_ < text.size() && state_ != State::whole && state_ != State::broken) {
    const char c = text[at_];
    if (state_ == State::waiting && (c == '{' || c == '[')) {
      state_ = State::inside;
      begin_ = at_;
    }
    if (state_ == State::inside) {
      take(c);
    }
    ++at_;
  }
  return state_;
}

void JsonExtent::take(char c) {
  if (in_string_) {
    in_string_ = escaped_ || c != '"';
    escaped_ = !escaped_ && c == '\\';
    return;
  }
  if (c == '"') {
    in_string_ = true;
  } else if (c == '{' || c == '[') {
    objects_ = objects_ << 1U | (c == '{' ? 1U : 0U);
    state_ = ++depth_ > kJsonDepthMax ? State::broken : State::inside;
  } else if (c == '}' || c == ']') {
    const bool fits = ((objects_ & 1U) != 0) == (c == '}');
    objects_ >>= 1U;
    state_ = !fits ? State::broken : --depth_ == 0 ? State::whole : State::inside;
  }
}

}  // namespace tocsin
