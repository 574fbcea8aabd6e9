// One dialogue with a peer that says all its bytes at one moment, in pieces, and then closes or
// falls silent: for the targets whose property is that the pieces do not matter.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "core/dialogue.h"

namespace tocsin {

struct TalkEnd {
  std::optional<ErrorCode> error;
  std::string sent;
  bool operator==(const TalkEnd&) const = default;
};

// Sends leave at once.
inline TalkEnd talk_in_pieces(const Monitor& monitor, std::string_view bytes, size_t piece,
                              bool closes) {
  constexpr SteadyTime kStart{1h};
  Dialogue dialogue(monitor, kStart + monitor.timeout);
  TalkEnd end;
  SteadyTime now = kStart;
  Dialogue::Action action = dialogue.start(now);
  const auto obey = [&] {
    while (!action.done && !action.send.empty()) {
      CHECK(action.send.size() <= 32 * kSendBytesMax, "what is sent is bounded");
      end.sent += action.send;
      action = dialogue.on_sent(now);
    }
  };
  obey();
  while (!action.done && !bytes.empty()) {
    const std::string_view next = bytes.substr(0, piece);
    bytes.remove_prefix(next.size());
    action = dialogue.on_bytes(next, now);
    obey();
  }
  if (!action.done && closes) {
    action = dialogue.on_peer_closed(now);
    obey();
  }
  for (int wakes = 0; !action.done; ++wakes) {
    CHECK(wakes < 1000 && action.wake_at <= kStart + monitor.timeout, "it ends at its deadline");
    now = std::max(now, action.wake_at);
    action = dialogue.on_time(now);
    obey();
  }
  end.error = action.error ? std::optional(action.error->code) : std::nullopt;
  size_t failed = 0;
  for (const StepTime& step : dialogue.take_steps()) {
    CHECK(step.at >= Duration(0) && step.took >= Duration(0), "no time is negative");
    failed += step.failed ? 1 : 0;
  }
  CHECK(failed <= 1 && (failed == 0 || end.error), "one step fails at most, and then the whole");
  return end;
}

// Takes the first line off `input`.
inline std::string take_line(std::string& input) {
  const size_t end = std::min(input.find('\n'), input.size());
  std::string line = input.substr(0, end);
  input.erase(0, std::min(end + 1, input.size()));
  return line;
}

}  // namespace tocsin
