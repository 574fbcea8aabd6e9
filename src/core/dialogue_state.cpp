#include "core/dialogue_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "core/assert.h"

namespace tocsin {
namespace {

// A peer that sends 64 KiB byte by byte must not make us search them 65,536 times: above so many
// bytes they are judged when a sixteenth more has come or after a short wait. The verdict is the
// same, known at most this much later.
constexpr size_t kJudgeAlwaysBytes = 4_KiB;
constexpr size_t kJudgeGrowth = 16;
constexpr Duration kJudgeDelay = 20ms;
constexpr size_t kShownAnswerBytes = 100;  // of what came, in a message

// Of the reply in lines whose beginning ends at `met`; npos: its end has not come. "220-" says that
// another line of it follows (RFC 5321 4.2.1).
size_t end_of_reply(std::string_view bytes, size_t met) {
  constexpr size_t kCode = 3;
  const auto is_digit = [](char each) { return each >= '0' && each <= '9'; };
  const size_t line_before = met < 2 ? std::string_view::npos : bytes.rfind('\n', met - 2);
  size_t begin = line_before == std::string_view::npos ? 0 : line_before + 1;
  for (;;) {
    const std::string_view line = bytes.substr(begin);
    const size_t end = line.find('\n');
    if (end == std::string_view::npos) {
      return end;
    }
    begin += end + 1;
    const bool goes_on =
        end > kCode && line[kCode] == '-' && std::ranges::all_of(line.substr(0, kCode), is_digit);
    if (!goes_on) {
      return begin;
    }
  }
}

}  // namespace

Dialogue::State::State(const Monitor& checked, SteadyTime attempt_ends)
    : monitor(checked),
      deadline(attempt_ends),
      transcript(attempt_ends - checked.timeout),
      captures(checked.request),
      clock(attempt_ends - checked.timeout, checked.request.size()) {
  for (const Assertion& assertion : checked.assertions) {
    if (is_about_data(assertion)) {
      undecided.push_back(&assertion);
    }
  }
  judges = !undecided.empty() || std::ranges::any_of(checked.request, is_expect);
}

bool Dialogue::State::may_judge_later() const {
  const size_t size = received.size();
  return size > kJudgeAlwaysBytes && size - judged < size / kJudgeGrowth && !is_full();
}

bool Dialogue::State::must_have_bytes() const {
  return std::ranges::any_of(undecided, [](const Assertion* assertion) {
    const ProbeResult silence;
    return !evaluate_assertions(std::span(assertion, 1), silence, SystemTime{}).front().passed;
  });
}

SteadyTime Dialogue::State::answer_ends() const {
  if (sending || in_tls || (received.empty() && !last_sent)) {
    return kNever;
  }
  const SteadyTime last =
      std::max(last_byte.value_or(SteadyTime::min()), last_sent.value_or(SteadyTime::min()));
  if (!steps_done()) {
    // Quiet decides only what looks at the end of the answer: a slow peer may still go on.
    return window == received.size() || quiet_tried ? kNever : last + kQuiet;
  }
  if (judges) {
    return received.empty() ? kNever : last + kQuiet;
  }
  const SteadyTime window_ends = last_sent.value_or(last) + kAnswerWindow;
  return received.empty() ? window_ends : std::min(window_ends, last + kAnswerQuiet);
}

std::string Dialogue::State::waiting_for() const {
  if (steps_done()) {
    return sending ? fmt::format("the peer to take {} bytes", on_its_way) : "an answer";
  }
  return expected ? fmt::format("{} (step {})", expected->shown(), step + 1)
                  : fmt::format("step {}", step + 1);
}

void Dialogue::State::keep(std::string_view bytes, SteadyTime now) {
  const std::string_view kept = bytes.substr(0, kReceiveBytesMax - received.size());
  if (kept.empty()) {
    return;
  }
  received += kept;
  last_byte = now;
  own_wait += std::exchange(wait_at_end, Duration(0));
  quiet_tried = false;
  if (!unjudged_since) {
    unjudged_since = now;
  }
  transcript.received(kept, now);
  if (is_full()) {
    transcript.note("64 KiB came; no more is read", now);
  }
}

void Dialogue::State::judge_assertions() {
  const size_t decided = std::erase_if(undecided, [&](const Assertion* assertion) {
    return decided_by_bytes(*assertion, received) != Decided::no;
  });
  if (decided != 0) {
    last_used = last_byte;
  }
}

// True when the step is met; false when it waits for more or has failed.
bool Dialogue::State::take_expect(const Step& expect, Answer answer) {
  if (!expected) {
    expected = expecting(expect, captures.wants_groups_of(step));
    if (!expected->is_valid()) {
      finish(ErrorCode::expect_mismatch,
             fmt::format("{} is not a regular expression", expected->shown()));
      return false;
    }
  }
  const std::string_view bytes = std::string_view(received).substr(window);
  const std::optional<Hit> hit =
      answer == Answer::over ? hit_at_end(*expected, bytes) : hit_for_good(*expected, bytes);
  if (!hit) {
    return false;
  }
  last_used = last_byte;
  if (answer == Answer::over && !closed && last_byte) {
    wait_at_end = event_at - *last_byte;
  }
  if (hit->refused != nullptr) {
    finish(ErrorCode::expect_mismatch, fmt::format("\"{}\" matches {}, which step {} refuses",
                                                   escape_for_display(bytes, kShownAnswerBytes),
                                                   hit->refused->shown(), step + 1));
    return false;
  }
  if (!hit->fault.empty()) {
    finish(ErrorCode::expect_mismatch, fmt::format("step {}: {}", step + 1, hit->fault));
    return false;
  }
  if (hit->groups) {
    if (hit->groups->is_cut) {
      finish(ErrorCode::expect_mismatch,
             fmt::format("{} (step {}) goes on for too long to be captured; say in it what ends it",
                         expected->shown(), step + 1));
      return false;
    }
    if (const auto fault = captures.take(step, *expected->pattern, *hit->groups)) {
      finish(ErrorCode::expect_mismatch, *fault);
      return false;
    }
  }
  met_from = window;
  window += hit->end;
  expected.reset();
  return true;
}

// False when it failed.
bool Dialogue::State::take_send(const SendStep& send) {
  if (send.captures.empty()) {
    waiting += send.bytes;
  } else if (const Result<std::string> filled = captures.fill(send)) {
    waiting += *filled;
  } else {
    finish(ErrorCode::expect_mismatch,
           fmt::format("step {} cannot be sent: {}", step + 1, filled.error().message));
    return false;
  }
  clock.send_ends_at(sent + on_its_way + waiting.size());
  return true;
}

// What stands behind the agreement: whoever is on the way may have put it there, to be taken for
// what is said inside TLS. A step that somebody wrote may have met only the beginning of the
// agreement: where that is a reply in lines, its end is looked for, and else nobody can tell.
std::string_view Dialogue::State::said_in_clear(const StarttlsStep& starttls) const {
  const std::string_view bytes = received;
  if (starttls.follows_whole_agreement) {
    return bytes.substr(window);
  }
  const size_t end = end_of_reply(bytes, window);
  if (end == std::string_view::npos) {
    return {};
  }
  const auto is_binary = [](char each) {
    return static_cast<unsigned char>(each) < ' ' && each != '\r' && each != '\n' && each != '\t';
  };
  return std::ranges::any_of(bytes.substr(met_from, end - met_from), is_binary) ? std::string_view()
                                                                                : bytes.substr(end);
}

// Goes on through the steps as far as the bytes allow.
void Dialogue::State::take_steps(Answer answer, Action& action, SteadyTime now) {
  while (!steps_done() && !finished && !in_tls) {
    const Step& next = monitor.request[step];
    if (clock.reached() == step) {
      clock.reach(next, now);
    }
    if (const auto* send = std::get_if<SendStep>(&next)) {
      if (!take_send(*send)) {
        return;
      }
    } else if (is_expect(next)) {
      if (!take_expect(next, answer)) {
        return;
      }
      clock.met(last_byte.value_or(now));
    } else if (!all_sent() || closed) {
      return;
    } else if (const std::string_view more = said_in_clear(std::get<StarttlsStep>(next));
               !more.empty()) {
      finish(ErrorCode::tls_handshake,
             fmt::format("the peer had agreed to TLS, and said more in clear: \"{}\"",
                         escape_for_display(more, kShownAnswerBytes)),
             Phase::tls);
      return;
    } else {
      in_tls = true;
      action.start_tls = true;
      transcript.note("TLS handshake", now);
    }
    ++step;
  }
}

void Dialogue::State::judge(Answer answer, Action& action, SteadyTime now) {
  if (unjudged_since) {
    judge_assertions();
    judged = received.size();
    unjudged_since.reset();
  }
  take_steps(answer, action, now);
}

void Dialogue::State::settle(Answer answer, Action& action, SteadyTime now) {
  if (finished || in_tls) {
    return;
  }
  if (!sending && !waiting.empty()) {
    action.send = std::exchange(waiting, {});
    on_its_way = action.send.size();
    sending = true;
    transcript.sent(action.send, now);
  }
  if (!steps_done()) {
    if (is_full()) {
      last_used = last_byte;  // all of it was looked through
      finish(ErrorCode::expect_mismatch, fmt::format("64 KiB came without {}", waiting_for()));
    }
    return;
  }
  const bool decided = judges ? undecided.empty() : !last_sent;
  if (!sending && (decided || answer == Answer::over || is_full() || closed)) {
    finish();
  }
}

void Dialogue::State::finish() {
  finished = true;
  if (!judges || !undecided.empty()) {
    last_used = last_byte;
  }
}

void Dialogue::State::finish(ErrorCode code, std::string detail, Phase phase) {
  finished = true;
  error = ProbeError{code, phase, std::move(detail)};
  if (!steps_done() || !all_sent() || in_tls) {
    clock.failed(steps_done() && !in_tls, std::min(event_at, deadline));
  }
}

Dialogue::Action Dialogue::State::go_on(Answer answer, SteadyTime now) {
  Action action;
  judge(answer, action, now);
  settle(answer, action, now);
  return outcome(std::move(action));
}

Dialogue::Action Dialogue::State::outcome(Action action) const {
  if (finished) {
    return {.done = true, .error = error};
  }
  action.wake_at = std::min(deadline, answer_ends());
  if (unjudged_since) {
    action.wake_at = std::min(action.wake_at, *unjudged_since + kJudgeDelay);
  }
  return action;
}

}  // namespace tocsin
