#include "store/segment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "store/fixtures.h"
#include "store/segment_block.h"
#include "store/segment_column.h"

namespace tocsin {
namespace {

using fixtures::Dice;

constexpr SystemTime kSlot{Duration(1'795'269'860'000'000)};

PlainPass some_pass(int64_t monitor, SystemTime slot) {
  return {.slot = slot,
          .monitor = {monitor},
          .clock_epoch = 3,
          .response = 312,
          .connect = 300,
          .kernel_rtt = 250,
          .delay = 90,
          .loop_lag = 7,
          .port = 443,
          .ip = {192, 0, 2, 7},
          .remote = RemoteKind::v4,
          .has = PlainPass::has_connect | PlainPass::has_rtt,
          .form = PassForm::connected};
}

PlainPass highest_pass() {
  constexpr uint32_t highest = std::numeric_limits<uint32_t>::max();
  PlainPass pass{.slot = SystemTime(Duration(kPlainSlotMax)),
                 .monitor = {std::numeric_limits<int64_t>::max()},
                 .clock_epoch = highest,
                 .response = highest,
                 .dns = highest,
                 .connect = highest,
                 .tls = highest,
                 .data = highest,
                 .kernel_rtt = highest,
                 .delay = highest,
                 .drift = std::numeric_limits<int32_t>::max(),
                 .syn_retransmits = highest,
                 .loop_lag = highest,
                 .bytes_sent = highest,
                 .bytes_received = highest,
                 .location = std::numeric_limits<uint16_t>::max(),
                 .port = std::numeric_limits<uint16_t>::max(),
                 .remote = RemoteKind::v6,
                 .has = 31,
                 .flags = 31,
                 .form = PassForm::answered};
  pass.ip.fill(0xFF);
  return pass;
}

PlainPass random_pass(Dice& dice, int64_t monitors) {
  PlainPass pass = some_pass(dice.number<int64_t>(1, monitors),
                             kSlot + dice.number<int64_t>(0, 9) * 10s + Duration(monitors));
  pass.location = dice.number<uint16_t>(0, 2);
  pass.clock_epoch = dice.number<uint32_t>(3, 4);
  pass.has = dice.number<uint8_t>(0, 31);
  pass.flags = dice.number<uint8_t>(0, 31);
  pass.form = dice.one_of(PassForm::other, PassForm::answered);
  const auto time = [&dice, &pass](unsigned bit) {
    return bit == 0 || (pass.has & bit) != 0 ? dice.number<uint32_t>(0, 1U << dice.number(0, 31))
                                             : 0;
  };
  pass.response = time(0);
  pass.dns = time(PlainPass::has_dns);
  pass.connect = time(PlainPass::has_connect);
  pass.tls = time(PlainPass::has_tls);
  pass.data = time(PlainPass::has_data);
  pass.kernel_rtt = time(PlainPass::has_rtt);
  pass.delay = time(0);
  pass.drift = dice.number<int32_t>(-2, 2);
  pass.syn_retransmits = dice.number(0, 20) == 0 ? 1 : 0;
  pass.bytes_received = dice.number(0, 9) == 0 ? time(0) : 0;
  pass.remote = dice.one_of(RemoteKind::none, RemoteKind::v6);
  pass.port = pass.remote == RemoteKind::none ? 0 : dice.number<uint16_t>(442, 443);
  pass.ip = {};
  const size_t bytes = pass.remote == RemoteKind::v6 ? 16 : pass.remote == RemoteKind::v4 ? 4 : 0;
  for (size_t i = 0; i < bytes; ++i) {
    pass.ip[i] = dice.number<uint8_t>(1, 2);
  }
  return pass;
}

SegmentView open(std::string_view bytes) {
  const Result<SegmentView> view = SegmentView::open(bytes);
  EXPECT_TRUE(view.has_value()) << view.error().message;
  return view.value();
}

std::vector<PlainPass> passes_of(const SegmentView& view, int64_t monitor) {
  std::vector<PlainPass> passes;
  const Result<void> read = view.passes_of({monitor}, passes);
  EXPECT_TRUE(read.has_value()) << read.error().message;
  return passes;
}

Result<std::vector<PlainPass>> all_of(const SegmentView& view, SystemTime from = SystemTime::min(),
                                      SystemTime to = SystemTime::max()) {
  std::vector<PlainPass> passes;
  const Result<void> read =
      view.for_each(from, to, [&passes](const PlainPass& pass) { passes.push_back(pass); });
  return read ? Result<std::vector<PlainPass>>(passes) : std::unexpected(read.error());
}

// True when opening or reading says that it is damaged.
bool is_noticed(std::string_view bytes, Checksums checksums = Checksums::checked) {
  const Result<SegmentView> view = SegmentView::open(bytes, checksums);
  if (!view) {
    return view.error().kind == ErrorKind::corrupt;
  }
  const Result<std::vector<PlainPass>> passes = all_of(*view);
  return !passes && passes.error().kind == ErrorKind::corrupt;
}

TEST(SegmentColumn, NumbersComeBack) {
  constexpr uint64_t highest = std::numeric_limits<uint64_t>::max();
  std::vector<std::vector<uint64_t>> columns = {
      {0},       {7, 7, 7},          {highest},           {0, highest, 0, highest},
      {5, 4, 3}, {highest, 0, 1, 2}, {1, 2, 3, 1000, 4},  std::vector<uint64_t>(128, highest),
      {},        {1ULL << 47U, 0},   {1ULL << 48U, 1, 0}, {443, 80, 443, 80, 65535, 443, 80, 80}};
  for (unsigned width = 1; width <= 64; ++width) {
    std::vector<uint64_t>& column = columns.emplace_back();
    for (uint64_t i = 0; i < 100; ++i) {
      column.push_back(stable_hash(i) >> (64 - width));
    }
  }
  for (const std::vector<uint64_t>& column : columns) {
    std::string packed;
    append_column(packed, column);
    std::string_view bytes = packed;
    std::vector<uint64_t> read(column.size());
    EXPECT_TRUE(take_column(bytes, read));
    EXPECT_EQ(read, column);
    EXPECT_TRUE(bytes.empty());
    for (size_t size = 0; size < packed.size(); ++size) {
      bytes = std::string_view(packed).substr(0, size);
      EXPECT_FALSE(take_column(bytes, read)) << size << " of " << packed.size();
    }
  }
}

// The ways to write one, each where it is the shortest: the same number all over, steps, a few far
// out, a few different ones.
TEST(SegmentColumn, TakesFewBytes) {
  const auto bytes_of = [](auto number) {
    std::vector<uint64_t> values;
    values.reserve(kColumnValuesMax);
    for (uint64_t i = 0; i < kColumnValuesMax; ++i) {
      values.push_back(number(i));
    }
    std::string packed;
    append_column(packed, values);
    return packed.size();
  };
  EXPECT_EQ(bytes_of([](uint64_t) { return uint64_t{0}; }), 1U);
  EXPECT_EQ(bytes_of([](uint64_t) { return uint64_t{300}; }), 3U);
  EXPECT_LE(bytes_of([](uint64_t i) { return 1'000'000 * i; }), 8U + 3 * 128);
  EXPECT_LE(bytes_of([](uint64_t i) { return (stable_hash(i) % 64) + 1'000'000'000 * i; }),
            4U * 128);
  EXPECT_LE(bytes_of([](uint64_t i) { return i % 50 == 0 ? uint64_t{60'000} : i % 8; }),
            2U + 48 + 12);
  EXPECT_LE(bytes_of([](uint64_t i) {
              return stable_hash(i) % 2 == 0 ? uint64_t{80} : uint64_t{65'443};
            }),
            2U + 8 + 17);
}

TEST(Segment, EmptyOneHoldsNothing) {
  const std::string packed = pack_segment({});
  const SegmentView view = open(packed);
  EXPECT_EQ(view.count(), 0U);
  EXPECT_EQ(view.span(), std::nullopt);
  EXPECT_TRUE(passes_of(view, 7).empty());
  EXPECT_TRUE(all_of(view)->empty());
}

// These bytes are on disk.
TEST(Segment, HasItsForm) {
  EXPECT_EQ(to_hex(pack_segment(std::vector{some_pass(7, kSlot)})),
            "54534701fa458bac75821bfd"                  // magic, checksum
            "01000000000148d6c9600600000148d6c9600600"  // count, first and last slot
            "0700000000000000b11f5cbb1d165c0924000000"  // monitor, checksum, end
            "8080800003001280000100"                    // monitor ... form
            "0100bb0300878480800c"                      // address
            "00ac0200180064005a800007808080");          // connect ... bytes_received
}

TEST(Segment, ExtremesComeBackSideBySide) {
  const PlainPass lowest{.monitor = {1}, .drift = std::numeric_limits<int32_t>::min()};
  const std::vector<PlainPass> passes = {lowest, some_pass(7, kSlot), highest_pass()};
  const std::string packed = pack_segment(passes);
  const SegmentView view = open(packed);
  EXPECT_EQ(view.count(), 3U);
  EXPECT_EQ(view.span(), (SlotSpan{.first = SystemTime(), .last = highest_pass().slot}));
  EXPECT_TRUE(*all_of(view) == passes);
  EXPECT_TRUE(passes_of(view, highest_pass().monitor.value) == std::vector{highest_pass()});
}

TEST(Segment, ResultsOfAMonitorComeBackBySlotLocationAndEpoch) {
  std::vector<PlainPass> wanted;
  for (const Duration at : {0s, 10s, 20s}) {
    for (const uint16_t location : {uint16_t{0}, uint16_t{4}}) {
      for (const uint32_t epoch : {3U, 4U}) {
        PlainPass& pass = wanted.emplace_back(some_pass(7, kSlot + at));
        pass.location = location;
        pass.clock_epoch = epoch;
      }
    }
  }
  std::vector<PlainPass> passes = wanted;
  passes.push_back(some_pass(6, kSlot + 5s));
  passes.push_back(some_pass(8, kSlot));
  std::ranges::reverse(passes);
  const std::string packed = pack_segment(passes);
  EXPECT_TRUE(passes_of(open(packed), 7) == wanted);
}

TEST(Segment, AddressMayChangeFromOneResultToTheNext) {
  std::vector<PlainPass> passes;
  for (int64_t i = 0; i < 12; ++i) {
    PlainPass& pass = passes.emplace_back(some_pass(7, kSlot + i * 10s));
    if (i / 2 % 3 == 1) {
      pass.remote = RemoteKind::v6;
      pass.ip.fill(static_cast<uint8_t>(i));
    } else if (i / 2 % 3 == 2) {
      pass.remote = RemoteKind::none;
      pass.ip = {};
      pass.port = 0;
    }
    pass.port = i == 1 ? 80 : pass.port;
  }
  const std::string packed = pack_segment(passes);
  EXPECT_TRUE(passes_of(open(packed), 7) == passes);
}

// 1,000 passes of 5 monitors run over many blocks, those of 700 share them.
TEST(Segment, AnyPassesComeBack) {
  for (const int64_t monitors : {5, 700}) {
    Dice dice(static_cast<uint64_t>(monitors));
    std::vector<PlainPass> passes;
    for (int i = 0; i < 1000; ++i) {
      passes.push_back(random_pass(dice, monitors));
      passes.back().slot += Duration(i);
    }
    const std::string packed = pack_segment(passes);
    const SegmentView view = open(packed);
    EXPECT_EQ(view.count(), passes.size());
    std::ranges::sort(passes, {}, [](const PlainPass& p) { return std::pair(p.monitor, p.slot); });
    EXPECT_TRUE(*all_of(view) == passes);
    for (int64_t monitor = 1; monitor <= monitors; ++monitor) {
      const auto own =
          std::ranges::equal_range(passes, MonitorUid{monitor}, {}, &PlainPass::monitor);
      EXPECT_TRUE(std::ranges::equal(passes_of(view, monitor), own)) << monitor;
    }
  }
}

// Uids as the product makes them, near each other, and of one monitor alone.
TEST(Segment, MonitorsOfAnyNumbersComeInOrder) {
  using Limits = std::numeric_limits<int64_t>;
  constexpr int64_t kFar = int64_t{1} << 40;
  const std::vector<std::pair<int64_t, int64_t>> ranges = {
      {1, Limits::max()}, {1, 500}, {7, 7}, {kFar, kFar + 70'000}, {1, 2}};
  Dice dice(20);
  for (const auto& [least, most] : ranges) {
    std::vector<PlainPass> passes;
    while (passes.size() < 3000) {
      const auto uid = dice.number<int64_t>(least, most);
      for (int64_t i = dice.number<int64_t>(1, 3); i > 0; --i) {
        passes.push_back(some_pass(uid, kSlot + Duration(passes.size()) + i * 1s));
      }
    }
    std::vector<PlainPass> sorted = passes;
    std::ranges::sort(sorted, is_before);
    EXPECT_EQ(all_of(open(pack_segment(passes))), sorted) << least << " to " << most;
  }
}

TEST(Segment, MonitorThatIsNotThereHasNothing) {
  std::vector<PlainPass> passes;
  for (int64_t monitor = 2; monitor <= 1000; monitor += 2) {
    passes.push_back(some_pass(monitor, kSlot));
  }
  const std::string packed = pack_segment(passes);
  const SegmentView view = open(packed);
  for (int64_t monitor = -1; monitor <= 1001; monitor += 2) {
    EXPECT_TRUE(passes_of(view, monitor).empty()) << monitor;
  }
  EXPECT_TRUE(passes_of(view, std::numeric_limits<int64_t>::max()).empty());
}

TEST(Segment, RangeOfTimeBeginsWithItsFirstSlotAndEndsBeforeItsLast) {
  std::vector<PlainPass> passes;
  passes.reserve(10);
  for (int64_t i = 0; i < 10; ++i) {
    passes.push_back(some_pass(7, kSlot + i * 10s));
  }
  const std::string packed = pack_segment(passes);
  const SegmentView view = open(packed);
  EXPECT_EQ(all_of(view, kSlot + 10s, kSlot + 30s)->size(), 2U);
  EXPECT_EQ(all_of(view, kSlot + 90s, kSlot + 91s)->size(), 1U);
  EXPECT_TRUE(all_of(view, kSlot - 10s, kSlot)->empty());
  EXPECT_TRUE(all_of(view, kSlot + 91s, kSlot + 99s)->empty());
  EXPECT_TRUE(all_of(view, kSlot + 50s, kSlot + 10s)->empty());
}

TEST(Segment, FirstOfARepeatedResultStays) {
  PlainPass again = some_pass(7, kSlot);
  again.response = 99;
  const std::string packed = pack_segment(std::vector{some_pass(7, kSlot), again, again});
  EXPECT_EQ(open(packed).count(), 1U);
  EXPECT_TRUE(passes_of(open(packed), 7) == std::vector{some_pass(7, kSlot)});
}

std::string small_segment() {
  Dice dice(5);
  std::vector<PlainPass> passes;
  passes.reserve(5);
  for (int i = 0; i < 5; ++i) {
    passes.push_back(random_pass(dice, 3));
  }
  return pack_segment(passes);
}

TEST(Segment, EveryFlippedBitIsNoticed) {
  const std::string good = small_segment();
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_TRUE(is_noticed(bytes)) << "bit " << bit;
  }
}

TEST(Segment, EveryCutIsNoticed) {
  const std::string good = small_segment();
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(is_noticed(std::string_view(good).substr(0, size))) << size;
    EXPECT_TRUE(is_noticed(std::string_view(good).substr(0, size), Checksums::skipped)) << size;
  }
  EXPECT_TRUE(is_noticed(good + '\0'));
}

// Without checksums, so that it is the reading that notices.
TEST(Segment, CountThatLiesIsNoticed) {
  std::vector<PlainPass> passes;
  Dice dice(6);
  passes.reserve(300);
  for (int i = 0; i < 300; ++i) {
    passes.push_back(random_pass(dice, 1'000'000));
  }
  const std::string good = pack_segment(passes);
  ASSERT_FALSE(is_noticed(good, Checksums::skipped));
  for (const uint32_t count : {0U, 1U, 128U, 129U, 256U, 299U, 301U, 384U, 385U, 1'000'000U,
                               1'000'001U, std::numeric_limits<uint32_t>::max()}) {
    std::string bytes = good;
    for (unsigned i = 0; i < 4; ++i) {
      bytes[12 + i] = static_cast<char>(count >> (8 * i));
    }
    EXPECT_TRUE(is_noticed(bytes, Checksums::skipped)) << count;
    EXPECT_TRUE(is_noticed(bytes)) << count;
  }
}

// What is damaged is one block; the others say what they said.
TEST(Segment, DamageOfABlockLeavesTheOthers) {
  std::vector<PlainPass> passes;
  for (int64_t monitor = 1; monitor <= 1000; ++monitor) {
    passes.push_back(some_pass(monitor, kSlot));
  }
  std::string packed = pack_segment(passes);
  packed.back() = static_cast<char>(packed.back() ^ 1);
  const SegmentView view = open(packed);
  EXPECT_EQ(passes_of(view, 7).size(), 1U);
  std::vector<PlainPass> lost;
  EXPECT_EQ(view.passes_of({1000}, lost).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(all_of(view).error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace tocsin
