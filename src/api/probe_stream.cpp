#include "api/probe_stream.h"

#include <utility>

#include "api/json_writer.h"
#include "api/sse.h"

namespace tocsin {
namespace {

constexpr Duration kHeartbeat = 15s;

}  // namespace

BodyPiece ProbeStream::next(SteadyTime now) {
  std::string text = std::exchange(waiting_, {});
  if (is_over_) {
    return {.bytes = std::move(text), .then = BodyPiece::Then::end};
  }
  if (text.empty() && now >= next_beat_) {
    text = std::string(kSseHeartbeat) + "\n";
  }
  if (next_beat_ == kNever || !text.empty()) {
    next_beat_ = now + kHeartbeat;
  }
  const auto then = text.empty() ? BodyPiece::Then::wait : BodyPiece::Then::more;
  return {.bytes = std::move(text), .then = then, .ask_at = next_beat_};
}

void ProbeStream::tell_phase(const PhaseEnd& end) {
  JsonWriter json;
  json.begin_object().field("phase", phase_name(end.phase));
  json.us_field("at_us", end.at).us_field("took_us", end.took).end_object();
  tell(sse_event("phase", "", json.str()), false);
}

void ProbeStream::tell_result(const std::string& answer) {
  tell(sse_event("result", "", answer), true);
}

void ProbeStream::tell_problem(const ApiResponse& problem) {
  tell(sse_event("problem", "", problem.body), true);
}

void ProbeStream::tell(std::string_view event, bool is_last) {
  if (is_over_) {
    return;
  }
  is_over_ = is_last;
  waiting_ += event;
  if (wake_) {
    wake_();
  }
}

}  // namespace tocsin
