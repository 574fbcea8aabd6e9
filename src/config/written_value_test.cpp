#include "config/written_value.h"

#include <gtest/gtest.h>

#include "config/yaml_tree.h"

namespace tocsin {
namespace {

// How one text stands behind a key.
std::string yaml(const std::string& text) {
  WrittenValue map;
  map.add("k", WrittenValue::of_text(text));
  return yaml_of(map);
}

std::string read_back(const std::string& text) {
  const std::vector<ConfigText> texts = {{"x", text}};
  ProblemList problems(texts);
  size_t nodes = 100;
  const auto root = parse_yaml(text, 0, nodes, problems);
  EXPECT_TRUE(root && problems.errors() == 0) << text;
  return root && root->find("k") != nullptr ? root->find("k")->text : "(nothing)";
}

// People read these: no quotes where none are needed, single ones around backslashes.
TEST(WrittenValue, QuotesOnlyWhatNeedsThem) {
  EXPECT_EQ(yaml("Redis sessions"), "k: Redis sessions\n");
  EXPECT_EQ(yaml("db.example.com:5432"), "k: db.example.com:5432\n");
  EXPECT_EQ(yaml("1m30s"), "k: 1m30s\n");
  EXPECT_EQ(yaml(R"(PING\r\n)"), "k: 'PING\\r\\n'\n");
  EXPECT_EQ(yaml(R"(a "b" 'c')"), "k: 'a \"b\" ''c'''\n");
  EXPECT_EQ(yaml("[::1]:80"), "k: \"[::1]:80\"\n");
  EXPECT_EQ(yaml("two\nlines"), "k: \"two\\nlines\"\n");
  EXPECT_EQ(yaml("off"), "k: \"off\"\n");
  EXPECT_EQ(yaml("12"), "k: \"12\"\n");
}

// Whatever a text holds, YAML gives it back: what looks like syntax, like nothing, like a number.
TEST(WrittenValue, EveryTextReadsBack) {
  for (const std::string text : {"a: b",
                                 "a #b",
                                 "#a",
                                 "- a",
                                 "? a",
                                 "&a",
                                 "*a",
                                 "!a",
                                 "%a",
                                 "@a",
                                 "`a",
                                 "{a}",
                                 "a, b",
                                 "null",
                                 "~",
                                 "true",
                                 "NO",
                                 "0x1f",
                                 "1e5",
                                 "22:30",
                                 " a",
                                 "a ",
                                 "a  b",
                                 "a:",
                                 ":a",
                                 "'",
                                 "\"",
                                 "\\",
                                 "|",
                                 ">",
                                 "\t",
                                 "\r\n",
                                 "\xc2\x85",
                                 "\xe2\x80\xa8",
                                 "\xef\xbb\xbf",
                                 "\xf0\x9f\x98\x80",
                                 "a\x01z",
                                 "\x7f",
                                 "---",
                                 "...",
                                 "<<",
                                 "=",
                                 "a\\",
                                 "'\\'",
                                 "/x/y",
                                 "_",
                                 "-1",
                                 "+1",
                                 ".5"}) {
    EXPECT_EQ(read_back(yaml(text)), text) << yaml(text);
    WrittenValue map;
    map.add("k", WrittenValue::of_text(text));
    EXPECT_EQ(read_back(json_of(map)), text) << json_of(map);
  }
}

// The look of a whole: short lists on a line, others item by item, maps below their key.
TEST(WrittenValue, LaysOutLikeTheDocumentation) {
  WrittenValue step, retry, map;
  step.add("send", WrittenValue::of_text("PING\\r\\n"));
  WrittenValue request;
  request.kind = WrittenValue::Kind::list;
  request.items = {step, step};
  retry.add("strategy", WrittenValue::of_text("linear"));
  retry.add("max", WrittenValue::number(3));
  map.add("target", WrittenValue::of_text("10.0.0.5:6379"));
  map.add("request", request);
  map.add("retry", retry);
  map.add("tags", WrittenValue::of_texts({"prod", "cache"}));
  map.add("assert", WrittenValue::of_texts({std::string(50, 'a'), std::string(50, 'b')}));
  map.add("enabled", WrittenValue::boolean(false));
  map.add("depends_on", WrittenValue::of_texts({}));
  EXPECT_EQ(yaml_of(map, 2),
            "  target: \"10.0.0.5:6379\"\n"
            "  request:\n"
            "    - send: 'PING\\r\\n'\n"
            "    - send: 'PING\\r\\n'\n"
            "  retry:\n"
            "    strategy: linear\n"
            "    max: 3\n"
            "  tags: [prod, cache]\n"
            "  assert:\n"
            "    - " +
                std::string(50, 'a') +
                "\n"
                "    - " +
                std::string(50, 'b') +
                "\n"
                "  enabled: false\n"
                "  depends_on: []\n");
  EXPECT_EQ(json_of(step), R"({"send":"PING\\r\\n"})");
  EXPECT_EQ(json_of(retry), R"({"strategy":"linear","max":3})");
}

}  // namespace
}  // namespace tocsin
