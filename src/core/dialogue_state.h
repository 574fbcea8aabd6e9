// The state of a dialogue and what its events have in common; for dialogue.cpp only. An event keeps
// the bytes, judges them (assertions, then steps), and settles: either the verdict on data is known
// or there is a time until which we wait for more.
#pragma once

#include "base/limits.h"
#include "core/captures.h"
#include "core/dialogue.h"
#include "core/expecting.h"
#include "core/step_clock.h"
#include "core/transcript.h"

namespace tocsin {

// May more bytes follow those that we look at?
enum class Answer : uint8_t { going_on, over };

struct Dialogue::State {
  State(const Monitor& checked, SteadyTime attempt_ends);

  const Monitor& monitor;
  SteadyTime deadline;
  bool judges = false;  // an expect step or an assertion on data exists

  size_t step = 0;                          // of monitor.request; its size: all are done
  size_t window = 0;                        // bytes before it belong to earlier steps
  size_t met_from = 0;                      // where the window of the last met step began
  std::optional<Expecting> expected;        // patterns of the current step, made when it is reached
  std::vector<const Assertion*> undecided;  // data assertions that the bytes so far leave open

  std::string received;
  bool closed = false;
  size_t judged = 0;                         // bytes of `received` that were looked at
  std::optional<SteadyTime> unjudged_since;  // arrival of the first byte that was not
  bool quiet_tried = false;                  // the unmet step was tried as if the answer were over
  Duration own_wait{};     // for more that did not come, before the step that met what there was
  Duration wait_at_end{};  // the same behind the last byte: it counts when another one comes
  std::optional<SteadyTime> last_byte, last_sent, last_used;

  std::string waiting;  // to send, after what is on its way
  size_t on_its_way = 0;
  uint64_t sent = 0;
  bool sending = false;
  bool in_tls = false;

  bool finished = false;
  std::optional<ProbeError> error;
  Transcript transcript;
  Captures captures;
  StepClock clock;
  SteadyTime event_at{};  // of the one that is being handled

  [[nodiscard]] bool steps_done() const { return step == monitor.request.size(); }
  [[nodiscard]] bool all_sent() const { return !sending && waiting.empty(); }
  [[nodiscard]] bool is_full() const { return received.size() >= kReceiveBytesMax; }
  // True when bytes wait that are too few to be worth a search now.
  [[nodiscard]] bool may_judge_later() const;
  // Some assertion would fail on an empty answer: silence leaves it without the bytes it needs.
  [[nodiscard]] bool must_have_bytes() const;
  // When the answer counts as over if nothing happens until then.
  [[nodiscard]] SteadyTime answer_ends() const;
  // For messages: `"+PONG" (step 2)`.
  [[nodiscard]] std::string waiting_for() const;

  void keep(std::string_view bytes, SteadyTime now);
  void judge(Answer answer, Action& action, SteadyTime now);
  void settle(Answer answer, Action& action, SteadyTime now);
  // The verdict on data is known. What is still undecided needed the whole answer; so does an
  // answer that nothing judges.
  void finish();
  void finish(ErrorCode code, std::string detail, Phase phase = Phase::data);
  // judge, settle and what the engine is told.
  Action go_on(Answer answer, SteadyTime now);
  [[nodiscard]] Action outcome(Action action) const;

 private:
  void judge_assertions();
  void take_steps(Answer answer, Action& action, SteadyTime now);
  bool take_expect(const Step& expect, Answer answer);
  bool take_send(const SendStep& send);
  [[nodiscard]] std::string_view said_in_clear(const StarttlsStep& step) const;
};

}  // namespace tocsin
