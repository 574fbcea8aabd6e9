// The table of monitors, and what it is made of.
#include "engine/monitor_table.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace tocsin {
namespace {

// Nothing moves and nothing is lost, over the first chunk and several more.
TEST(StableArray, KeepsItsElementsWhereTheyAre) {
  struct Large {
    size_t number = 0;
    std::array<char, 100'000> rest{};
  };
  StableArray<Large> array;
  std::vector<const Large*> places;
  for (size_t i = 0; i < 200; ++i) {
    Large& made = array.emplace_back();
    made.number = i;
    places.push_back(&made);
  }
  size_t at = 0;
  for (const Large& each : std::as_const(array)) {
    EXPECT_EQ(each.number, at);
    EXPECT_EQ(&each, places[at]);
    EXPECT_EQ(&array[at], places[at]);
    ++at;
  }
  EXPECT_EQ(at, 200u);
}

// Many share a hash here, as they would share a name.
TEST(IndexTable, FindsAllThatWerePutIn) {
  IndexTable table;
  const auto hash_of = [](uint32_t index) { return uint64_t{index % 7}; };
  for (uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(table.find(hash_of(i), [&](uint32_t other) { return other == i; }),
              IndexTable::kNone);
    table.insert(i, hash_of(i), hash_of);
  }
  for (uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(table.find(hash_of(i), [&](uint32_t other) { return other == i; }), i);
  }
}

// A check of a monitor at rest looks at no more than this (design: 256 bytes a monitor, its places
// in the queue and in the two tables of names included).
TEST(MonitorTable, AMonitorAtRestIsSmall) { EXPECT_LE(sizeof(MonitorEntry), 208u); }

Monitor named(const std::string& project, const std::string& id) {
  Monitor monitor;
  monitor.project = project;
  monitor.id = id;
  monitor.name = "Name of " + id;
  monitor.target = *Target::parse("127.0.0.1:80");
  return monitor;
}

std::shared_ptr<const Monitor> shared_named(const std::string& project, const std::string& id) {
  return std::make_shared<const Monitor>(named(project, id));
}

// A live monitor is found before a retired one of the same id.
TEST(MonitorTable, LiveOnesAreFoundFirst) {
  MonitorTable table;
  table.add(MonitorUid{1}, shared_named("old", "db"), {}, true);
  table.add(MonitorUid{2}, shared_named("new", "db"), {}, false);
  EXPECT_EQ(std::as_const(table).find("db")->uid, MonitorUid{2});
  EXPECT_EQ(std::as_const(table).find("1")->uid, MonitorUid{1});
  EXPECT_EQ(table.find("old", "db")->uid, MonitorUid{1});
  EXPECT_EQ(std::as_const(table).find("nobody"), nullptr);
}

// What is asked of all of a million is answered without a look at their definitions.
TEST(MonitorTable, APackedDefinitionIsUnpackedWhenItIsNeeded) {
  constexpr auto kUnpack = [](std::string_view id) { return shared_named("ui", std::string(id)); };
  const auto packed =
      std::make_shared<const PackedDefinition>(PackedDefinition{.text = "db", .unpack = kUnpack});
  MonitorTable table;
  MonitorEntry& entry = table.add({.uid = MonitorUid{7},
                                   .definition = DefinitionCell(packed),
                                   .brief = brief_of(named("ui", "db")),
                                   .state = {}});
  table.reserve(100'000);
  EXPECT_EQ(table.find(MonitorUid{7}), &entry);
  EXPECT_EQ(std::as_const(table).find("another"), nullptr);
  EXPECT_EQ(table.find_other(*Target::parse("127.0.0.1:81"), {}), nullptr);
  EXPECT_TRUE(table.fits(entry, {.search = "db"}));
  EXPECT_TRUE(entry.of_ui);
  EXPECT_TRUE(entry.definition.is_packed());
  EXPECT_EQ(table.find_other(*Target::parse("127.0.0.1:80"), {}), &entry);
  EXPECT_FALSE(entry.definition.is_packed());
  EXPECT_EQ(std::as_const(table).find("db"), &entry);
  EXPECT_EQ(table.find_other(*Target::parse("127.0.0.1:80"), entry.uid), nullptr);
}

// An id that is another's uid must not stand before it: the uid is what links and scripts keep.
TEST(MonitorTable, UidsAreNeverShadowed) {
  MonitorTable table;
  table.add(MonitorUid{42}, shared_named("p", "db"), {}, false);
  table.add(MonitorUid{43}, shared_named("p", "42"), {}, false);
  EXPECT_EQ(std::as_const(table).find("42")->uid, MonitorUid{42});
  EXPECT_EQ(std::as_const(table).find("43")->uid, MonitorUid{43});
}

std::vector<const MonitorEntry*> found(const MonitorTable& table, const MonitorFilter& filter) {
  MonitorList list{.filter = filter};
  std::vector<const MonitorEntry*> rows;
  const bool may_match = table.begin_list(list);
  for (size_t i = list.place; may_match && i < table.size() && rows.size() < filter.limit; ++i) {
    if (table.fits(table.at(static_cast<uint32_t>(i)), list.filter)) {
      rows.push_back(&table.at(static_cast<uint32_t>(i)));
    }
  }
  return rows;
}

// Pages continue behind the last one seen and leave retired monitors out.
TEST(MonitorTable, PagesContinue) {
  MonitorTable table;
  for (int i = 1; i <= 5; ++i) {
    table.add(MonitorUid{i}, shared_named("p", "m" + std::to_string(i)), {}, i == 2);
  }
  MonitorFilter filter;
  filter.limit = 2;
  const auto first = found(table, filter);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[1]->definition->id, "m3");
  filter.after = first[1]->uid;
  const auto second = found(table, filter);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[1]->definition->id, "m5");
}

// Search looks at id, name and target one by one, ignoring case.
TEST(MonitorTable, SearchIgnoresCase) {
  MonitorTable table;
  table.add(MonitorUid{1}, shared_named("p", "orders"), {}, false);
  MonitorFilter filter;
  for (const char* word : {"ORD", "name OF", "127.0.0.1:8"}) {
    filter.search = word;
    EXPECT_EQ(found(table, filter).size(), 1u) << word;
  }
  for (const char* word : {"nothing like it", "orders\nname"}) {
    filter.search = word;
    EXPECT_TRUE(found(table, filter).empty()) << word;
  }
}

// A search finds the definition of now, in other alphabets too.
TEST(MonitorTable, SearchFollowsTheDefinition) {
  MonitorTable table;
  Monitor russian = named("p", "orders");
  russian.name = "Заказы";
  MonitorEntry& entry =
      table.add(MonitorUid{1}, std::make_shared<const Monitor>(russian), {}, false);
  MonitorFilter filter;
  filter.search = "зАКАЗ";
  EXPECT_EQ(found(table, filter).size(), 1u);
  table.redefine(entry, named("p", "orders"));
  EXPECT_TRUE(found(table, filter).empty());
}

}  // namespace
}  // namespace tocsin
