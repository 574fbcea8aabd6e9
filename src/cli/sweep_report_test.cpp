#include "cli/sweep_report.h"

#include <gtest/gtest.h>

namespace tocsin::cli {
namespace {

Evaluation judged(Verdict verdict, std::optional<ErrorCode> code) {
  Evaluation evaluation{.verdict = verdict};
  if (code) {
    evaluation.error = ProbeError{*code, Phase::connect, ""};
  }
  return evaluation;
}

TEST(SweepReport, TellsClosedFromSilent) {
  EXPECT_EQ(port_state(judged(Verdict::passed, std::nullopt)), PortState::open);
  EXPECT_EQ(port_state(judged(Verdict::failed, ErrorCode::tcp_refused)), PortState::closed);
  EXPECT_EQ(port_state(judged(Verdict::failed, ErrorCode::timeout)), PortState::silent);
  EXPECT_EQ(port_state(judged(Verdict::failed, ErrorCode::admin_prohibited)), PortState::rejected);
  EXPECT_EQ(port_state(judged(Verdict::unknown, ErrorCode::local_resource)), PortState::unknown);
}

TEST(SweepReport, ALineForEachPort) {
  const Style plain;
  EXPECT_EQ(swept_port_text({.port = 22, .state = PortState::open, .time = 310us}, plain),
            "   22  open        310 µs  ssh\n");
  EXPECT_EQ(swept_port_text({.port = 23, .state = PortState::closed, .reason = "refused"}, plain),
            "   23  closed              refused\n");
  EXPECT_EQ(swept_port_json("db", {.port = 22, .state = PortState::open, .time = 310us}),
            R"({"schema_version":1,"kind":"port","host":"db",)"
            "\"port\":22,\"state\":\"open\",\"time_us\":310,\"usual\":\"ssh\"}\n");
  EXPECT_EQ(
      swept_port_json("db", {.port = 1, .state = PortState::silent, .reason = "no \"answer\""}),
      R"({"schema_version":1,"kind":"port","host":"db",)"
      "\"port\":1,\"state\":\"silent\",\"reason\":\"no \\\"answer\\\"\"}\n");
}

TEST(SweepReport, CountsWhatThereWas) {
  SweepCount count;
  count.add(PortState::open);
  EXPECT_EQ(sweep_summary("db", count, 1), "1 port of db: 1 open\n");
  count.add(PortState::closed);
  count.add(PortState::closed);
  count.add(PortState::rejected);
  EXPECT_EQ(sweep_summary("db", count, 4), "4 ports of db: 1 open, 2 closed, 1 rejected\n");
}

// Whoever interrupts a sweep must not take the rest for closed.
TEST(SweepReport, SaysHowFarItCame) {
  SweepCount count;
  count.add(PortState::silent);
  EXPECT_EQ(sweep_summary("db", count, 100),
            "Stopped after 1 of 100 ports of db: 0 open, 1 silent\n");
}

// Our own trouble is no word on the host: it is told, not only counted.
TEST(SweepReport, SaysWhyNothingIsKnown) {
  SweepCount count;
  count.add(PortState::unknown);
  EXPECT_EQ(
      sweep_summary("db", count, 1, "This machine has no route to db."),
      "1 port of db: 0 open, 1 unknown\nNothing is known: This machine has no route to db.\n");
  count.add(PortState::open);
  EXPECT_EQ(sweep_summary("db", count, 2, "No socket was left."),
            "2 ports of db: 1 open, 1 unknown\nWhy unknown: No socket was left.\n");
}

// Silence of every port says something of the host.
TEST(SweepReport, SaysWhatTotalSilenceMeans) {
  SweepCount count;
  count.add(PortState::silent);
  count.add(PortState::silent);
  EXPECT_EQ(sweep_summary("db", count, 2),
            "2 ports of db: 0 open, 2 silent\n"
            "Nothing answered: the host is away, or a firewall in front of it drops everything.\n");
}

}  // namespace
}  // namespace tocsin::cli
