#include "config/yaml_tree.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace tocsin {
namespace {

struct Parsed {
  std::optional<YamlNode> root;
  std::vector<ConfigProblem> problems;
};

Parsed parse(std::string text, size_t nodes = kConfigNodesMax) {
  const std::vector<ConfigText> texts = {{"x.yaml", std::move(text)}};
  ProblemList problems(texts);
  std::optional<YamlNode> root = parse_yaml(texts[0].text, 0, nodes, problems);
  return {std::move(root), problems.finish()};
}

std::string first_message(const Parsed& parsed) {
  return parsed.problems.empty() ? "" : parsed.problems.front().message;
}

TEST(YamlTree, KnowsWhereEverythingStands) {
  const Parsed parsed = parse("a: 1\nmap:\n  key: \"text\"\n  list: [x, 'y']\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->find("a")->mark, (TextMark{1, 4}));
  EXPECT_FALSE(parsed.root->find("a")->quoted);
  const YamlNode* map = parsed.root->find("map");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->find("key")->key_mark, (TextMark{3, 3}));
  EXPECT_EQ(map->find("key")->mark, (TextMark{3, 8}));
  EXPECT_TRUE(map->find("key")->quoted);
  EXPECT_EQ(map->find("list")->children[1].mark, (TextMark{4, 13}));
  EXPECT_EQ(map->find("none"), nullptr);
}

// The parser names the place of whatever comes next, lines further down.
TEST(YamlTree, AMissingValueStandsAtItsKey) {
  const Parsed parsed = parse("a:\n\n\nb: 1\n");
  ASSERT_TRUE(parsed.root);
  EXPECT_EQ(parsed.root->find("a")->kind, YamlNode::Kind::null);
  EXPECT_EQ(parsed.root->find("a")->mark, (TextMark{1, 1}));
}

TEST(YamlTree, EmptyTextIsNull) {
  EXPECT_EQ(parse("").root->kind, YamlNode::Kind::null);
  EXPECT_EQ(parse("# only a comment\n").root->kind, YamlNode::Kind::null);
}

// All bounds are checked before anything is built: the longest of these took gigabytes and seconds.
TEST(YamlTree, BombsAreRefusedAtOnce) {
  EXPECT_EQ(first_message(parse(std::string(kConfigBytesMax + 1, 'a'))),
            "the file has 16777217 bytes; at most 16 MiB are read");
  EXPECT_EQ(first_message(parse(std::string(1'000'001, '['))),
            "the file has more than 1000000 of [ { and ,");
  EXPECT_EQ(first_message(parse(std::string(500, '['))),
            "lists and maps are nested more than 32 deep");
  EXPECT_EQ(first_message(parse("[a, b, c]", 3)),
            "the files have more than 5000000 values together");
  EXPECT_EQ(first_message(parse("a: &x 1\nb: *x\n")),
            "anchors (&name) and aliases (*name) are not read");
}

// As deep as allowed is allowed.
TEST(YamlTree, ThirtyTwoLevelsAreRead) {
  EXPECT_TRUE(parse(std::string(32, '[') + std::string(32, ']')).root);
  EXPECT_FALSE(parse(std::string(33, '[') + std::string(33, ']')).root);
}

// The library reads a text without its closing quote to the end of the file and is content.
TEST(YamlTree, AnOpenQuoteIsTold) {
  for (const std::string_view text : {"a: \"b\nc: d\n", "a: 'b\nc: it''s\n", "a: \"b\\\"\n"}) {
    const Parsed parsed = parse(std::string(text));
    EXPECT_FALSE(parsed.root);
    EXPECT_EQ(first_message(parsed), "the quote that opens here is never closed") << text;
    EXPECT_EQ(parsed.problems[0].column, 4) << text;
  }
  EXPECT_TRUE(parse("a: 'it''s'\n").root);
  EXPECT_TRUE(parse("a: \"\\\"\"").root);
  EXPECT_TRUE(parse("a: |\n  \"text\n").root);
}

// Every cut of a good file is either read or told; none crashes and none is silently half of it.
TEST(YamlTree, EveryCutOfAFileIsReadOrTold) {
  const std::string whole = "a: {b: [1, \"x\\n\"], c: 'd'}\ne:\n  - f: |\n      g\n";
  for (size_t size = 0; size <= whole.size(); ++size) {
    const Parsed parsed = parse(whole.substr(0, size));
    EXPECT_NE(parsed.root.has_value(), !parsed.problems.empty()) << size;
  }
}

}  // namespace
}  // namespace tocsin
