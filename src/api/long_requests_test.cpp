// Requests that read all monitors hold the loop a piece at a time, and never a check that is due.
#include <gtest/gtest.h>

#include <string>

#include "api/engine_fixture.h"
#include "base/limits.h"

namespace tocsin {
namespace {

class LongRequests : public EngineFixture {
 protected:
  static constexpr size_t kMonitors = 450;

  LongRequests() {
    for (size_t i = config_.monitors.size(); i < kMonitors; ++i) {
      config_.monitors.push_back(of_file("m" + std::to_string(i), "10.0.0.5:6379"));
    }
    EXPECT_TRUE(engine_.apply(config_));
  }

  // Two looks at the clock, and the piece is over.
  void let_pieces_be_short() { clock_.per_reading = kLoopPieceTime; }
};

// A list longer than one piece comes whole, in order and once.
TEST_F(LongRequests, ListsMoreThanOnePiece) {
  let_pieces_be_short();
  MonitorList list{{.limit = kMonitors}};
  ASSERT_TRUE(engine_.read_on(list)) << "one piece is not enough";
  EXPECT_LT(list.rows.size(), kMonitors / 2);
  const Json all = json("GET /api/v1/monitors?limit=1000&fields=id");
  ASSERT_EQ(all["data"].size(), kMonitors);
  EXPECT_EQ(all["next_cursor"], nullptr);
  EXPECT_EQ(all["data"][0]["id"], "redis");
  for (size_t i = 1; i < kMonitors; ++i) {
    ASSERT_EQ(all["data"][i]["id"], "m" + std::to_string(i));
  }
}

// A search that finds the last one alone looks at all of them, a piece at a time.
TEST_F(LongRequests, SearchesInPieces) {
  let_pieces_be_short();
  const Json found = json("GET /api/v1/monitors?fields=id&search=m449");
  ASSERT_EQ(found["data"].size(), 1u);
  EXPECT_EQ(found["data"][0]["id"], "m449");
}

TEST_F(LongRequests, CountsInPieces) {
  let_pieces_be_short();
  EXPECT_EQ(json("GET /api/v1/summary")["monitors"], kMonitors);
}

// A page that ends inside a piece names the row it ends at.
TEST_F(LongRequests, PageEndsWhereItWasAskedTo) {
  let_pieces_be_short();
  const Json first = json("GET /api/v1/monitors?fields=id&limit=201");
  ASSERT_EQ(first["data"].size(), 201u);
  const Json second = json("GET /api/v1/monitors?fields=id&limit=1000&cursor=" +
                           first["next_cursor"].get<std::string>());
  EXPECT_EQ(second["data"].size(), kMonitors - 201);
  EXPECT_EQ(second["data"][0]["id"], "m201");
}

TEST_F(LongRequests, NobodyIsBehindAnUnknownMonitor) {
  EXPECT_EQ(ask("GET /api/v1/monitors?cursor=99999").status, 422);
  const Sent lines{.headers = {{"accept", "application/x-ndjson"}}};
  EXPECT_EQ(ask("GET /api/v1/monitors?cursor=99999", lines).status, 422);
}

// One monitor alone, whose next check is known.
class RequestsAndChecks : public EngineFixture {
 protected:
  explicit RequestsAndChecks(size_t late_events = 0) {
    engine_.turn(clock_.steady_now());  // the first check is under way, and stays so
    network_.late_events = late_events;
    const SystemTime next = *engine_.monitor("redis")->next_run;
    clock_.passed += next - clock_.system_now() - kLoopPieceGap / 2 - 40ms;
    for (int i = 0; i < 4; ++i) {
      engine_.turn(clock_.steady_now());
      clock_.passed += 10ms;
    }
    EXPECT_TRUE(mailbox_.offer([this] {
      ++served_;
      return false;
    }));
  }

  int served_ = 0;
};

// A check that is about to start is not late for somebody who reads a page.
TEST_F(RequestsAndChecks, RequestWaitsForTheCheckThatIsDue) {
  engine_.turn(clock_.steady_now());
  EXPECT_EQ(served_, 0);
  clock_.passed += kLoopPieceGap;
  engine_.turn(clock_.steady_now());
  EXPECT_EQ(served_, 1);
}

// Where checks come without a gap between them people are still answered.
TEST_F(RequestsAndChecks, RequestDoesNotWaitForEver) {
  for (size_t turn = 0; turn < kLoopPutOffMax; ++turn) {
    engine_.turn(clock_.steady_now());
    ASSERT_EQ(served_, 0) << turn;
  }
  engine_.turn(clock_.steady_now());
  EXPECT_EQ(served_, 1);
}

class RequestsAndManyChecks : public RequestsAndChecks {
 protected:
  RequestsAndManyChecks() : RequestsAndChecks(1000) {}
};

// With thousands of checks a second one is always about to start; what is left of each step of the
// loop's grid is for people.
TEST_F(RequestsAndManyChecks, WhereOneIsAlwaysDueNobodyIsPutOff) {
  engine_.turn(clock_.steady_now());
  EXPECT_EQ(served_, 1);
}

}  // namespace
}  // namespace tocsin
