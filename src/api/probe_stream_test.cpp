#include "api/probe_stream.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

using Then = BodyPiece::Then;
constexpr SteadyTime kNow{Duration(1h)};

TEST(ProbeStream, TellsPhasesAndThenTheResult) {
  ProbeStream stream;
  int wakes = 0;
  stream.tell_phase({.phase = Phase::dns, .at = 1500us, .took = 1500us});  // before it is asked
  stream.on_begin([&wakes] { ++wakes; });
  BodyPiece piece = stream.next(kNow);
  EXPECT_EQ(piece.bytes,
            "event: phase\ndata: {\"phase\":\"dns\",\"at_us\":1500,\"took_us\":1500}\n\n");
  EXPECT_EQ(piece.then, Then::more);
  piece = stream.next(kNow);
  EXPECT_EQ(piece.then, Then::wait);
  EXPECT_EQ(piece.ask_at, kNow + 15s);
  stream.tell_phase({.phase = Phase::connect, .at = 2ms, .took = 500us});
  stream.tell_result("{\"verdict\":\"passed\"}");
  EXPECT_EQ(wakes, 2);
  piece = stream.next(kNow);
  EXPECT_EQ(piece.then, Then::end);
  EXPECT_EQ(piece.bytes,
            "event: phase\ndata: {\"phase\":\"connect\",\"at_us\":2000,\"took_us\":500}\n\n"
            "event: result\ndata: {\"verdict\":\"passed\"}\n\n");
}

// An attempt may take two minutes; a proxy closes what is silent for one.
TEST(ProbeStream, BeatsWhileItWaits) {
  ProbeStream stream;
  stream.on_begin([] {});
  EXPECT_EQ(stream.next(kNow).bytes, "");
  EXPECT_EQ(stream.next(kNow + 14s).bytes, "");
  EXPECT_EQ(stream.next(kNow + 15s).bytes, ": still here\n\n");
  EXPECT_EQ(stream.next(kNow + 16s).ask_at, kNow + 30s);
}

TEST(ProbeStream, NothingComesAfterTheLastEvent) {
  ProbeStream stream;
  stream.on_begin([] {});
  stream.tell_problem({.status = 503, .body = "{\"code\":\"unavailable\"}"});
  stream.tell_result("{}");
  EXPECT_EQ(stream.next(kNow).bytes, "event: problem\ndata: {\"code\":\"unavailable\"}\n\n");
}

}  // namespace
}  // namespace tocsin
