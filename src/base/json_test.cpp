#include "base/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tocsin {
namespace {

TEST(Json, ReadsWhatItWrote) {
  const nlohmann::json json = {{"name", "db \"1\""}, {"ports", {5432, 5433}}};
  EXPECT_EQ(parse_json(dump_json(json)), json);
  EXPECT_EQ(dump_json(json), R"({"name":"db \"1\"","ports":[5432,5433]})");
  EXPECT_EQ(dump_json(nlohmann::json({{"a", 1}}), 2), "{\n  \"a\": 1\n}");
}

TEST(Json, WhatIsNoneIsDiscarded) {
  for (const char* text : {"", "{", "{\"a\":1}}", "tocsin"}) {
    EXPECT_TRUE(parse_json(text).is_discarded()) << text;
  }
}

TEST(Json, FieldsKeepTheirOrderWhereItMatters) {
  EXPECT_EQ(dump_json(nlohmann::ordered_json({{"b", 1}, {"a", 2}})), R"({"b":1,"a":2})");
}

// Bytes that a server sent may stand in any text.
TEST(Json, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(dump_json(nlohmann::json("a\xff")), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace tocsin
