// What is like its neighbour is read without a parser, and comes out as with one.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/monitor_brief.h"
#include "store/alike_definitions.h"
#include "store/fixtures.h"
#include "store/json.h"

namespace tocsin {
namespace {

using fixtures::Dice;

std::string definition(const std::string& id, const std::string& target,
                       const std::string& rest = R"(,"timeout_us":5000000)") {
  return R"({"project":"ui","id":")" + id + R"(","name":"Of )" + id + R"(","target":")" + target +
         "\"" + rest + "}";
}

MonitorBrief brief_from(const std::string& text) {
  const Result<Monitor> monitor = monitor_from_json(text);
  EXPECT_TRUE(monitor) << text;
  return monitor ? brief_of(*monitor) : MonitorBrief();
}

// One that has seen such a definition.
AlikeDefinitions taught() {
  AlikeDefinitions alike;
  const std::string text = definition("db-1", "127.0.0.1:80");
  for (int time = 0; time < 2; ++time) {
    EXPECT_FALSE(alike.brief(text));
    alike.remember(text, *monitor_from_json(text), brief_from(text));
  }
  return alike;
}

TEST(AlikeDefinitions, KnowTheBriefOfOneThatDiffersInIdNameAndTarget) {
  AlikeDefinitions alike = taught();
  for (const std::string& text : {definition("db-2", "db.example.com:5432"),
                                  definition("CAPITALS", "[::1]:80"), definition("x", "unix:/x")}) {
    const std::optional<MonitorBrief> brief = alike.brief(text);
    ASSERT_TRUE(brief) << text;
    EXPECT_TRUE(*brief == brief_from(text)) << brief->sought;
  }
}

TEST(AlikeDefinitions, LeaveToTheParserWhatIsUnlike) {
  AlikeDefinitions alike = taught();
  for (const std::string& text :
       {definition("db-2", "127.0.0.1:80", R"(,"timeout_us":6000000)"),
        definition("db-2", "127.0.0.1:80", R"(,"timeout_us":5000000} )"),
        definition("db\\u0020", "127.0.0.1:80"), definition("d\xC3\xBC", "127.0.0.1:80"),
        definition("db-2", "127.0.0.1:080"), definition("db-2", "nowhere"),
        std::string(
            R"({"project":"p","id":"a","name":"a","target":"127.0.0.1:80","timeout_us":5000000})"),
        std::string(R"({"project":"ui","id":"a)"), std::string()}) {
    EXPECT_FALSE(alike.brief(text)) << text;
  }
}

// Of any two states that follow each other, alike or not.
TEST(AlikeStates, AreReadAsTheParserReadsThem) {
  Dice dice(11);
  std::vector<std::string> texts;
  for (int i = 0; i < 50; ++i) {
    const MonitorState state = fixtures::some_state(dice);
    MonitorState moved = state;
    moved.status.slot += 60s;
    moved.status.since = SystemTime(Duration(dice.number<int64_t>(1, 9)));
    for (const MonitorState& each : {state, state, moved, moved, state}) {
      texts.push_back(to_json(each));
    }
  }
  StateReader reader;
  for (const std::string& text : texts) {
    MonitorState state;
    ASSERT_TRUE(reader.read(text, state)) << text;
    ASSERT_EQ(to_json(state), text);
  }
}

TEST(AlikeStates, NothingIsLikeNothing) {
  StateReader reader;
  MonitorState state;
  EXPECT_FALSE(reader.read("", state));
  EXPECT_FALSE(AlikeDefinitions().brief(""));
}

TEST(AlikeStates, ANumberThatIsNoneOrDoesNotFitIsAnError) {
  const auto text = [](const std::string& slot, const std::string& location) {
    return R"({"status":{"kind":"up","known":"up","slot_us":)" + slot +
           R"(},"alert":{"severity":"passed"},"newest":{"0":{"monitor":7,"location":)" + location +
           R"(,"slot_us":5,"verdict":"passed","attempts":1,"finished_us":9}}})";
  };
  for (const auto& [slot, location] : {std::pair("007", "1"),
                                       {"-07", "1"},
                                       {"1.5", "1"},
                                       {"1e3", "1"},
                                       {"", "1"},
                                       {"99999999999999999999", "1"},
                                       {"7", "65536"},
                                       {"7", "-1"}}) {
    StateReader reader;
    MonitorState state;
    ASSERT_TRUE(reader.read(text("7", "1"), state));
    ASSERT_TRUE(reader.read(text("8", "2"), state = {}));
    EXPECT_FALSE(reader.read(text(slot, location), state = {})) << slot << " " << location;
    ASSERT_TRUE(reader.read(text("9", "3"), state = {}));
    EXPECT_EQ(state.status.slot, SystemTime(Duration(9)));
    EXPECT_EQ(state.newest.at(0).location, 3);
  }
}

}  // namespace
}  // namespace tocsin
