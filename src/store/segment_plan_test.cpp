#include "store/segment_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace tocsin {
namespace {

// Segments as a store would have them, without what is in them.
class Shelf {
 public:
  // One commit of `count` passes at `at`.
  void commit(SystemTime at, int64_t count) {
    rows_.push_back(
        {.number = next_number_++, .level = 0, .span = {.first = at, .last = at}, .count = count});
    rewritten_ += count;
    added_ += count;
    do_all();
  }
  void do_all() {
    while (true) {
      if (const auto join = plan_join(rows_, counted_)) {
        put_together(*join);
      } else if (const auto target = plan_count(rows_, counted_)) {
        counted_.through = counted_.target = *target;
        ++counts_;
      } else {
        return;
      }
    }
  }

  [[nodiscard]] const std::vector<SegmentRow>& rows() const { return rows_; }
  [[nodiscard]] size_t uncounted() const {
    return static_cast<size_t>(std::ranges::count_if(
        rows_, [&](const SegmentRow& row) { return row.number > counted_.through; }));
  }
  // How often a pass is written, on the average.
  [[nodiscard]] double times_written() const {
    return static_cast<double>(rewritten_) / static_cast<double>(added_);
  }
  [[nodiscard]] int64_t counts() const { return counts_; }
  [[nodiscard]] int64_t passes() const {
    int64_t sum = 0;
    for (const SegmentRow& row : rows_) {
      sum += row.count;
    }
    return sum;
  }

 private:
  void put_together(const JoinPlan& join) {
    const auto first = rows_.begin() + static_cast<std::ptrdiff_t>(join.first);
    const auto end = first + static_cast<std::ptrdiff_t>(join.count);
    ASSERT_LE(end - rows_.begin(), static_cast<std::ptrdiff_t>(rows_.size()));
    ASSERT_GT(join.count, 1U);
    SegmentRow joined = *first;
    joined.level = join.level;
    for (auto row = first + 1; row != end; ++row) {
      joined.count += row->count;
      joined.span.last = std::max(joined.span.last, row->span.last);
      ASSERT_EQ(row->number > counted_.through, first->number > counted_.through);
    }
    ASSERT_LE(joined.count, kSegmentCountMax);
    ASSERT_LE(joined.span.last - joined.span.first, kSegmentSpanMax);
    rewritten_ += joined.count;
    *first = joined;
    rows_.erase(first + 1, end);
  }

  std::vector<SegmentRow> rows_;
  Counted counted_;
  int64_t next_number_ = 1;
  int64_t rewritten_ = 0, added_ = 0, counts_ = 0;
};

constexpr SystemTime kBegin{Duration(1'795'269'600'000'000)};

struct Load {
  int64_t passes;  // of one commit
  Duration every;
  Duration how_long;
  size_t rows_max;       // at the end
  size_t uncounted_max;  // ever
};

class SegmentPlan : public testing::TestWithParam<Load> {};

// Whatever comes: few places to look through, nothing written more than a few times, every ten
// minutes counted once, nothing lost.
TEST_P(SegmentPlan, KeepsFewSegments) {
  const Load& load = GetParam();
  Shelf shelf;
  int64_t commits = 0;
  size_t most_uncounted = 0;
  for (Duration at{}; at < load.how_long; at += load.every) {
    shelf.commit(kBegin + at, load.passes);
    ++commits;
    most_uncounted = std::max(most_uncounted, shelf.uncounted());
  }
  EXPECT_EQ(shelf.passes(), commits * load.passes);
  EXPECT_LE(shelf.rows().size(), load.rows_max);
  EXPECT_LE(most_uncounted, load.uncounted_max);
  EXPECT_LE(shelf.times_written(), 7.0);
  EXPECT_LE(shelf.counts(), (load.how_long / kCountEvery) + 1);
}

// Ten monitors every 10 s, a day: one commit a second. A hundred every minute, two days. Fifty
// thousand every 10 s, half an hour. A million every minute, ten minutes. One every hour, a year.
INSTANTIATE_TEST_SUITE_P(Loads, SegmentPlan,
                         testing::Values(Load{1, 1s, 24h, 110, 64}, Load{2, 1s, 24h * 2, 210, 64},
                                         Load{1000, 200ms, 30min, 220, 110},
                                         Load{16'667, 1s, 10min, 240, 240},
                                         Load{1, 1h, 24h * 365, 400, 64}));

TEST(SegmentPlanRules, NothingIsDoneAboutNothing) {
  EXPECT_FALSE(plan_join({}, {}));
  EXPECT_FALSE(plan_count({}, {}));
}

// What is being counted keeps its place until it is done.
TEST(SegmentPlanRules, CountingIsLeftAlone) {
  std::vector<SegmentRow> rows;
  for (int64_t number = 1; number <= 64; ++number) {
    rows.push_back({.number = number, .span = {kBegin, kBegin + 1h}, .count = 10});
  }
  const Counted under_way{.through = 0, .target = 40, .monitor = {5}};
  EXPECT_FALSE(plan_join(rows, under_way));
  EXPECT_FALSE(plan_count(rows, under_way));
  EXPECT_EQ(under_way.last_for({4}), 40);
  EXPECT_EQ(under_way.last_for({5}), 0);
}

}  // namespace
}  // namespace tocsin
