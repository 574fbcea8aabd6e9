// Every sequence of outcomes up to a length, told through decide, against an oracle that sees
// nothing but the kinds of status: each difference of severity is one event, and nothing else is.
// An hour lies between outcomes, so nothing flaps and nothing is due by time.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/alert.h"
#include "core/story.h"

namespace tocsin {
namespace {

using namespace tocsin::story;

constexpr size_t kLength = 7;

// "down", "degraded" or "" for what a kind is worth telling.
std::string worth(StatusKind kind, const AlertPolicy& policy) {
  const bool tellable =
      kind == StatusKind::down || (kind == StatusKind::degraded && policy.degraded);
  return tellable ? std::string(status_name(kind)) : std::string();
}

std::string oracle(const std::vector<StatusKind>& kinds, const AlertPolicy& policy, bool silent) {
  std::string told;
  std::string open;
  int number = 0;
  for (const StatusKind kind : kinds) {
    const std::string now = worth(kind, policy);
    if (now == open) {
      continue;
    }
    number = open.empty() ? 1 : number + 1;
    told += fmt::format("{} {}{} ", number, now.empty() ? "recovered" : now, silent ? "!" : "");
    open = now;
  }
  return told;
}

struct Life {
  Status status;
  AlertState alert;
  std::vector<StatusKind> kinds;
  std::string told;
};

void step_once(Life& life, const Monitor& monitor, const Silence& silence, char letter) {
  const SystemTime slot = kStart + static_cast<int64_t>(life.kinds.size()) * 1h;
  const StatusStep moved = advance(life.status, monitor.alert, outcome_at(letter, slot));
  life.status = moved.after;
  life.kinds.push_back(moved.after.kind);
  const AlertStep step = decide(monitor, MonitorUid{1}, life.alert, moved.after, moved.transition,
                                silence, IncidentId{"fresh"}, slot + 1s);
  ASSERT_EQ(step.open_incident,
            life.alert.incident.value.empty() && !step.after.incident.value.empty());
  ASSERT_EQ(step.close_incident,
            !life.alert.incident.value.empty() && step.after.incident.value.empty());
  life.alert = step.after;
  for (const AlertEvent& event : step.events) {
    std::string_view name = event_type_name(event.type);
    name.remove_prefix(std::string_view("monitor.").size());
    life.told += fmt::format("{} {}{} ", event.number, name, event.suppressed.empty() ? "" : "!");
    ASSERT_LE(*event.began, slot);
    ASSERT_EQ(event.incident.value, "fresh");
  }
}

void walk(const Life& before, const Monitor& monitor, const Silence& silence,
          std::string& letters) {
  if (letters.size() == kLength) {
    return;
  }
  for (const char letter : {'P', 'D', 'F', '?'}) {
    Life life = before;
    letters.push_back(letter);
    ASSERT_NO_FATAL_FAILURE(step_once(life, monitor, silence, letter)) << letters;
    ASSERT_EQ(life.told, oracle(life.kinds, monitor.alert, silence.muted)) << letters;
    ASSERT_NO_FATAL_FAILURE(walk(life, monitor, silence, letters));
    letters.pop_back();
  }
}

class AlertExhaustive : public testing::TestWithParam<std::tuple<uint32_t, uint32_t, bool, bool>> {
};

TEST_P(AlertExhaustive, EveryDifferenceIsToldOnce) {
  const auto [after_runs, recover, degraded, muted] = GetParam();
  Monitor monitor;
  monitor.alert = {.after_runs = after_runs, .recover_after_runs = recover, .degraded = degraded};
  std::string letters;
  ASSERT_NO_FATAL_FAILURE(walk({}, monitor, {.muted = muted}, letters));
}

INSTANTIATE_TEST_SUITE_P(Grid, AlertExhaustive,
                         testing::Combine(testing::Values(1U, 2U), testing::Values(1U, 2U),
                                          testing::Bool(), testing::Bool()));

}  // namespace
}  // namespace tocsin
