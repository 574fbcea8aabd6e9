// An expect of JSON waits for the whole document and judges it at its last bracket.
#include <gtest/gtest.h>

#include "core/dialogue_timeline.h"
#include "core/json_extent.h"

namespace tocsin {
namespace {

using namespace timeline;

Monitor wants(std::optional<std::string> is, std::vector<std::string> refuse = {}) {
  return monitor({ExpectJsonStep{"$.status", std::move(is), std::move(refuse)}});
}

TEST(DialogueJson, IsJudgedAtItsLastBracket) {
  const auto ends = [](const Monitor& checked, std::vector<Event> peer) {
    return play(checked, peer).text();
  };
  EXPECT_EQ(ends(wants("ok"), {at(1ms).says("{\"status\": \"o"), at(2ms).says("k\"}")}),
            "done at 2ms, used 2ms");
  EXPECT_EQ(ends(wants("ok"), {at(1ms).says("INFO {\"a\":\"}\\\"\",\"status\":\"ok\"} \r\n")}),
            "done at 1ms, used 1ms");
  EXPECT_EQ(ends(wants("3"), {at(1ms).says("{\"status\": 3.0}")}), "done at 1ms, used 1ms");
  EXPECT_EQ(ends(wants(std::nullopt), {at(1ms).says("{\"status\": null}")}),
            "done at 1ms, used 1ms");
  EXPECT_EQ(ends(wants("ok"), {at(1ms).says("{\"status\": \"ok\"")}),
            "timeout in data at 10s, used -");
}

// What cannot become right any more fails at once, with what came.
TEST(DialogueJson, FailsAtOnce) {
  const auto detail = [](const Monitor& checked, const std::string& bytes) {
    const Played played = play(checked, {at(1ms).says(bytes)});
    EXPECT_EQ(played.done_at, Duration(1ms)) << bytes;
    return played.error ? std::string(error_name(played.error->code)) + ": " + played.error->detail
                        : "";
  };
  EXPECT_EQ(detail(wants("ok"), "{\"status\": \"starting\"}"),
            "expect_mismatch: step 1: Expected \"starting\" to equal \"ok\".");
  EXPECT_EQ(detail(wants(std::nullopt), "{\"state\": 1}"),
            "expect_mismatch: step 1: The JSON path \"$.status\" finds nothing in the answer.");
  EXPECT_TRUE(detail(wants("ok"), "{\"status\": ]")
                  .starts_with("expect_mismatch: step 1: The answer cannot be read as JSON: "));
  EXPECT_EQ(detail(wants("ok", {"^-ERR"}), "-ERR {\"status\": \"ok\"}"),
            "expect_mismatch: \"-ERR {\"status\": \"ok\"}\" matches /^-ERR/, which step 1 "
            "refuses");
}

// The end does not depend on the cuts, and brackets in strings count for nothing.
TEST(JsonExtent, EndsAtTheBracketThatClosesTheFirst) {
  const std::string text = "x [1, {\"a]\\\"}\": [2]}] tail";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    JsonExtent extent;
    extent.look_at(std::string_view(text).substr(0, cut));
    EXPECT_EQ(extent.look_at(text), JsonExtent::State::whole);
    EXPECT_EQ(extent.begin(), 2U);
    EXPECT_EQ(text.substr(extent.end()), " tail");
  }
  JsonExtent deep;
  EXPECT_EQ(deep.look_at(std::string(100, '[')), JsonExtent::State::broken);
  JsonExtent crossed;
  EXPECT_EQ(crossed.look_at("[}"), JsonExtent::State::broken);
}

}  // namespace
}  // namespace tocsin
