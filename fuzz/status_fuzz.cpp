// A monitor's life as letters, checked by rules that know nothing of how it is done. The first four
// bytes are the policy (after_runs, recover_after_runs, flags, after_minutes), each further byte
// one action:
//
//   P D F ?  an outcome      t T U  a minute, 20 minutes, 3 hours pass      a  acknowledge
//   p r      pause, resume   m w d  mute, maintenance, parent down: on, off
//
// Invariants: events of an incident are numbered 1, 2, ... without a gap; an incident opens as down
// only after enough failures in a row (or after_minutes); a recovery is told only if the failure
// was; nothing is told while muted; the fold closes when the alert state does; alarms by time
// always end.
#include <algorithm>
#include <map>
#include <string>

#include "base/check.h"
#include "core/alert_story.h"
#include "core/incident.h"

namespace {

using namespace tocsin;

AlertPolicy policy_of(const uint8_t* bytes) {
  AlertPolicy policy;
  policy.after_runs = 1 + bytes[0] % 4U;
  policy.recover_after_runs = 1 + bytes[1] % 4U;
  policy.degraded = (bytes[2] & 1U) != 0;
  policy.strict = (bytes[2] & 2U) != 0;
  if ((bytes[2] & 4U) != 0) {
    policy.reminder_every = 7min;
    policy.reminder_count = 5;
  }
  if ((bytes[2] & 8U) != 0) {
    policy.escalate = {{.after = 15min, .channels = {"boss"}},
                       {.after = 5min, .channels = {"sms"}}};
  }
  if ((bytes[2] & 16U) != 0) {
    policy.after_minutes = std::chrono::minutes(1 + bytes[3] % 10U);
  }
  return policy;
}

class Checker {
 public:
  explicit Checker(const AlertPolicy& policy) : policy_(policy) {}

  // `degraded`: what was known before this outcome; with `strict` a failure then tells at once.
  void outcome(char letter, bool degraded) {
    if (letter != '?') {
      failures_ = letter == 'F' || (policy_.strict && letter == 'D') ? failures_ + 1 : 0;
      after_degraded_ = degraded || last_ == 'D';
      last_ = letter;
    }
  }
  void paused() { failures_ = 0; }

  void look(const Monitor& monitor, const AlertEvent& event, bool muted) {
    uint32_t& number = numbers_[event.incident.value];
    CHECK(event.number == ++number, "numbered without a gap");
    CHECK(!muted || !event.suppressed.empty(), "nothing is told while muted");
    const bool told = event.suppressed.empty();
    CHECK(event.type != EventType::recovered || !told || told_[event.incident.value],
          "recovery is told only after the failure");
    if (event.number == 1) {
      opened(event);
      incident_ = fold(std::nullopt, monitor, event);
    } else {
      incident_ = fold(std::move(incident_), monitor, event);
    }
    told_[event.incident.value] = told_[event.incident.value] || told;
  }

  void agree(const AlertState& state) const {
    CHECK(state.incident.value.empty() == (!incident_ || incident_->closed.has_value()),
          "the incident is open while the alert is");
    CHECK(state.changes.size() <= 16, "what is remembered is bounded");
    CHECK(!incident_ || incident_->timeline.size() <= 500, "the timeline is bounded");
  }

 private:
  void opened(const AlertEvent& event) const {
    CHECK(event.type == EventType::down || event.type == EventType::degraded, "opened by trouble");
    CHECK(event.type == EventType::down || policy_.degraded, "degraded only where it is wanted");
    const bool at_once = policy_.strict && after_degraded_;
    CHECK(event.type != EventType::down || policy_.after_minutes || at_once ||
              failures_ >= policy_.after_runs,
          "no down without enough failures");
    CHECK(event.began && *event.began <= event.at, "it began before it was told");
  }

  AlertPolicy policy_;
  uint32_t failures_ = 0;
  char last_ = 'P';
  bool after_degraded_ = false;
  std::map<std::string, uint32_t> numbers_;
  std::map<std::string, bool> told_;
  std::optional<Incident> incident_;
};

std::string act(story::AlertStory& life, Checker& checker, char letter) {
  switch (letter) {
    case 'P':
    case 'D':
    case 'F':
    case '?':
      if (life.status().kind != StatusKind::paused) {
        checker.outcome(letter, life.status().known == StatusKind::degraded);
      }
      return life.play(std::string(1, letter));
    case 't':
      return life.wait(1min);
    case 'T':
      return life.wait(20min);
    case 'U':
      return life.wait(3h);
    case 'a':
      life.acknowledge();
      return {};
    case 'p':
      checker.paused();
      return life.take(pause(life.status(), life.now()));
    case 'r':
      return life.take(resume(life.status(), life.now()));
    case 'm':
      life.silence.muted = !life.silence.muted;
      return {};
    case 'w':
      life.silence.maintenance = life.silence.maintenance.empty() ? "night" : "";
      return {};
    case 'd':
      life.silence.failing_parent = life.silence.failing_parent.empty() ? "router" : "";
      return {};
    default:
      return {};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 4) {
    return 0;
  }
  const AlertPolicy policy = policy_of(data);
  story::AlertStory life(policy);
  Checker checker(policy);
  size_t looked = 0;
  for (size_t i = 4; i < std::min<size_t>(size, 400); ++i) {
    const bool muted = life.silence.muted;
    CHECK(act(life, checker, static_cast<char>(data[i])) != "spinning", "alarms by time end");
    for (; looked < life.events().size(); ++looked) {
      checker.look(life.monitor, life.events()[looked], muted);
    }
    checker.agree(life.state());
  }
  return 0;
}
