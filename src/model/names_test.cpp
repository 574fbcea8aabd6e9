// Wire names are API: the tables are read both ways and no name appears twice.
#include <gtest/gtest.h>

#include <set>

#include "model/assertion.h"
#include "model/channel.h"
#include "model/delivery.h"
#include "model/evidence.h"
#include "model/io_backend.h"
#include "model/monitor.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {
namespace {

// Every enumerator from `first` to `last` has a name of its own that reads back to it.
template <class Enum, class Name, class FromName>
void expect_round_trip(Enum first, Enum last, Name name, FromName from_name) {
  std::set<std::string_view> seen;
  for (int value = static_cast<int>(first); value <= static_cast<int>(last); ++value) {
    const auto item = static_cast<Enum>(value);
    EXPECT_TRUE(seen.insert(name(item)).second) << name(item);
    EXPECT_EQ(from_name(name(item)), item);
  }
  EXPECT_FALSE(from_name(""));
  EXPECT_FALSE(from_name("no such name"));
}

TEST(Names, ReadBack) {
  expect_round_trip(AssertionSource::response_time, AssertionSource::error_code, source_name,
                    source_from_name);
  expect_round_trip(Comparison::equals, Comparison::not_null, comparison_name,
                    comparison_from_name);
  expect_round_trip(IpFamily::ipv4, IpFamily::all, ip_family_name, ip_family_from_name);
  expect_round_trip(Expectation::open, Expectation::unreachable, expectation_name,
                    expectation_from_name);
  expect_round_trip(CloseMode::fin, CloseMode::rst, close_mode_name, close_mode_from_name);
  expect_round_trip(Strategy::parallel, Strategy::round_robin, strategy_name, strategy_from_name);
  expect_round_trip(TlsMode::off, TlsMode::starttls, tls_mode_name, tls_mode_from_name);
  expect_round_trip(RetryStrategy::none, RetryStrategy::exponential, retry_strategy_name,
                    retry_strategy_from_name);
  expect_round_trip(Verdict::passed, Verdict::unknown, verdict_name, verdict_from_name);
  expect_round_trip(StatusKind::pending, StatusKind::paused, status_name, status_from_name);
  expect_round_trip(EventType::down, EventType::test, event_type_name, event_type_from_name);
  expect_round_trip(ChannelType::webhook, ChannelType::email, channel_type_name,
                    channel_type_from_name);
  expect_round_trip(EvidenceState::gathered, EvidenceState::too_soon, evidence_state_name,
                    evidence_state_from_name);
  expect_round_trip(KnockAnswer::open, KnockAnswer::not_tried, knock_answer_name,
                    knock_answer_from_name);
}

// Operators are a second spelling in assertions.
TEST(Names, ComparisonsHaveSymbols) {
  EXPECT_EQ(comparison_from_name("=="), Comparison::equals);
  EXPECT_EQ(comparison_from_name("!="), Comparison::not_equals);
  EXPECT_EQ(comparison_from_name("<"), Comparison::less_than);
  EXPECT_EQ(comparison_from_name(">"), Comparison::greater_than);
  EXPECT_TRUE(comparison_takes_target(Comparison::contains));
  EXPECT_FALSE(comparison_takes_target(Comparison::is_empty));
}

// A channel's `send: [down]` is the short form of monitor.down.
TEST(Names, EventsMayLeaveOutMonitor) {
  EXPECT_EQ(event_type_from_name("monitor.down"), EventType::down);
  EXPECT_EQ(event_type_from_name("down"), EventType::down);
  EXPECT_FALSE(event_type_from_name("unknown"));
}

TEST(Names, OfDeliveriesAndTimelines) {
  EXPECT_EQ(delivery_state_name(DeliveryState::suppressed), "suppressed");
  EXPECT_EQ(timeline_kind_name(TimelineKind::first_failure), "first_failure");
  EXPECT_EQ(timeline_kind_name(TimelineKind::flapping), "flapping");
  EXPECT_EQ(smtp_security_from_name("starttls"), SmtpSecurity::starttls);
}

TEST(Names, OfBackends) {
  for (const auto backend : {IoBackend::automatic, IoBackend::epoll, IoBackend::io_uring}) {
    EXPECT_EQ(io_backend_from_name(io_backend_name(backend)), backend);
  }
  EXPECT_EQ(io_backend_name(IoBackend::automatic), "auto");
}

}  // namespace
}  // namespace tocsin
