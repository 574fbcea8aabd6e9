// Head, directory and blocks. The head has a checksum over itself and the directory, which has one
// for each block.
#include "store/segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <ranges>
#include <span>

#include "base/check.h"
#include "base/ids.h"
#include "store/segment_block.h"

namespace tocsin {
namespace {

constexpr std::string_view kMagic{"TSG\x01", 4};  // the last byte is the version
// Where things stand in the head; numbers have their lowest byte first.
constexpr size_t kChecksumAt = 4;  // 8 bytes
constexpr size_t kCountAt = 12;    // 4; what the checksum is of begins here
constexpr size_t kFirstSlotAt = 16;
constexpr size_t kLastSlotAt = 24;
constexpr size_t kHeadBytes = 32;
// The same for an entry of the directory.
constexpr size_t kMonitorAt = 0;
constexpr size_t kBlockChecksumAt = 8;
constexpr size_t kEndAt = 16;  // 4; of the block, from the end of the directory
constexpr size_t kEntryBytes = 20;

constexpr unsigned kByteBits = 8;

template <class Number>
void append_number(std::string& out, Number number) {
  for (unsigned i = 0; i < sizeof number; ++i) {
    out.push_back(static_cast<char>(static_cast<uint64_t>(number) >> (kByteBits * i)));
  }
}

template <class Number>
Number number_at(std::string_view bytes, size_t at) {
  uint64_t number = 0;
  for (unsigned i = 0; i < sizeof(Number); ++i) {
    number |= uint64_t{static_cast<unsigned char>(bytes[at + i])} << (kByteBits * i);
  }
  return static_cast<Number>(number);
}

SystemTime time_at(std::string_view bytes, size_t at) {
  return SystemTime(Duration(number_at<int64_t>(bytes, at)));
}

size_t blocks_of(size_t passes) { return (passes + kBlockPasses - 1) / kBlockPasses; }

std::unexpected<Error> damaged(std::string_view why) {
  return fail(ErrorKind::corrupt, fmt::format("stored segment: {}", why));
}

using Key = std::pair<MonitorUid, const PlainPass*>;

// Uids are random numbers, so their highest bits put nearly each at its place; what shares them is
// then put in order by comparing.
template <class Before>
void sort_keys(std::vector<Key>& keys, Before comes_before) {
  constexpr int kBitsMax = 16;
  const auto [least, most] = std::ranges::minmax(keys | std::views::keys);
  const auto above_least = [least](MonitorUid uid) {
    return static_cast<uint64_t>(uid.value) - static_cast<uint64_t>(least.value);
  };
  const auto width = static_cast<int>(std::bit_width(above_least(most)));
  const int bits = std::min({width, kBitsMax, static_cast<int>(std::bit_width(keys.size()))});
  const auto place_of = [&](const Key& key) { return above_least(key.first) >> (width - bits); };
  std::vector<uint32_t> ends(size_t{1} << bits);  // at first how many have the place
  for (const Key& key : keys) {
    ++ends[place_of(key)];
  }
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), uint32_t{0});
  std::vector<Key> placed(keys.size());
  for (const Key& key : keys) {
    placed[ends[place_of(key)]++] = key;
  }
  keys.swap(placed);
  size_t begin = 0;
  for (const uint32_t end : ends) {
    std::ranges::sort(std::span(keys).subspan(begin, end - begin), comes_before);
    begin = end;
  }
}

// The passes in order, the first of each id only.
std::vector<const PlainPass*> in_order(std::span<const PlainPass> passes) {
  // Most are told apart by their monitors: these lie together, the passes do not.
  std::vector<Key> keys(passes.size());
  std::ranges::transform(passes, keys.begin(),
                         [](const PlainPass& pass) { return Key(pass.monitor, &pass); });
  const auto comes_before = [](const auto& a, const auto& b) {
    if (a.first != b.first) {
      return a.first < b.first;
    }
    return is_before(*a.second, *b.second) ||
           (!is_before(*b.second, *a.second) && a.second < b.second);
  };
  if (!std::ranges::is_sorted(keys, comes_before)) {
    sort_keys(keys, comes_before);
  }
  std::vector<const PlainPass*> order(passes.size());
  std::ranges::transform(keys, order.begin(), [](const auto& key) { return key.second; });
  const auto repeated = std::ranges::unique(
      order, [](const PlainPass* a, const PlainPass* b) { return !is_before(*a, *b); });
  order.erase(repeated.begin(), repeated.end());
  return order;
}

SlotSpan span_of(std::span<const PlainPass> passes) {
  if (passes.empty()) {
    return {};
  }
  const auto [first, last] = std::ranges::minmax_element(passes, {}, &PlainPass::slot);
  return {.first = first->slot, .last = last->slot};
}

}  // namespace

std::string pack_segment(std::span<const PlainPass> passes) {
  CHECK(passes.size() <= kSegmentPassesMax, "a segment is bounded");
  CHECK(std::ranges::all_of(passes, is_well_formed), "a plain pass is made by plain_pass_of");
  const std::vector<const PlainPass*> order = in_order(passes);
  const SlotSpan span = span_of(passes);
  std::string directory;
  std::string blocks;
  for (size_t at = 0; at < order.size(); at += kBlockPasses) {
    std::array<PlainPass, kBlockPasses> room;
    const size_t count = std::min(kBlockPasses, order.size() - at);
    std::ranges::transform(std::span(order).subspan(at, count), room.begin(),
                           [](const PlainPass* pass) { return *pass; });
    const size_t begin = blocks.size();
    append_block(blocks, {.monitor = room.front().monitor, .slot = span.first},
                 std::span(room).first(count));
    append_number(directory, room.front().monitor.value);
    append_number(directory, stable_hash(std::string_view(blocks).substr(begin)));
    append_number(directory, static_cast<uint32_t>(blocks.size()));
  }
  std::string checked;
  append_number(checked, static_cast<uint32_t>(order.size()));
  append_number(checked, int64_t{span.first.time_since_epoch().count()});
  append_number(checked, int64_t{span.last.time_since_epoch().count()});
  checked += directory;
  std::string out(kMagic);
  append_number(out, stable_hash(checked));
  return out + checked + blocks;
}

// One line of the directory.
struct SegmentView::Entry {
  MonitorUid monitor;  // of the first pass
  uint64_t checksum = 0;
  std::string_view block;
};

// Room for a block, and the last pass of the block before it.
struct SegmentView::Cursor {
  std::array<PlainPass, kBlockPasses> room;
  std::optional<PlainPass> before;
};

SegmentView::SegmentView(std::string_view bytes, size_t count, Checksums checksums)
    : bytes_(bytes), count_(count), checksums_(checksums) {}

size_t SegmentView::blocks() const { return blocks_of(count_); }
SystemTime SegmentView::first_slot() const { return time_at(bytes_, kFirstSlotAt); }
SystemTime SegmentView::last_slot() const { return time_at(bytes_, kLastSlotAt); }

SegmentView::Entry SegmentView::entry(size_t block) const {
  const size_t at = kHeadBytes + (block * kEntryBytes);
  const size_t blocks_at = kHeadBytes + (blocks() * kEntryBytes);
  const size_t begin = block == 0 ? 0 : number_at<uint32_t>(bytes_, at - kEntryBytes + kEndAt);
  const size_t end = number_at<uint32_t>(bytes_, at + kEndAt);
  return {.monitor = {number_at<int64_t>(bytes_, at + kMonitorAt)},
          .checksum = number_at<uint64_t>(bytes_, at + kBlockChecksumAt),
          .block = bytes_.substr(blocks_at + begin, end - begin)};
}

Result<void> SegmentView::check_head() const {
  const size_t blocks_at = kHeadBytes + (blocks() * kEntryBytes);
  if (checksums_ == Checksums::checked &&
      stable_hash(bytes_.substr(kCountAt, blocks_at - kCountAt)) !=
          number_at<uint64_t>(bytes_, kChecksumAt)) {
    return damaged("the checksum of its head is another");
  }
  if (first_slot() < SystemTime() || last_slot() < first_slot() ||
      last_slot() > SystemTime(Duration(kPlainSlotMax))) {
    return damaged("its times are in no order");
  }
  MonitorUid monitor{1};
  size_t end = 0;
  for (size_t block = 0; block < blocks(); ++block) {
    const size_t at = kHeadBytes + (block * kEntryBytes);
    const size_t next_end = number_at<uint32_t>(bytes_, at + kEndAt);
    const MonitorUid next_monitor{number_at<int64_t>(bytes_, at + kMonitorAt)};
    if (next_end <= end || next_monitor < monitor) {
      return damaged("its directory is in no order");
    }
    end = next_end;
    monitor = next_monitor;
  }
  if (blocks_at + end != bytes_.size()) {
    return damaged("it is cut off or too long");
  }
  return {};
}

Result<SegmentView> SegmentView::open(std::string_view bytes, Checksums checksums) {
  if (bytes.size() < kHeadBytes || !bytes.starts_with(kMagic)) {
    return damaged("its first bytes are others");
  }
  const size_t count = number_at<uint32_t>(bytes, kCountAt);
  if (count > kSegmentPassesMax || blocks_of(count) > (bytes.size() - kHeadBytes) / kEntryBytes) {
    return damaged("it says to hold more than it can");
  }
  const SegmentView view(bytes, count, checksums);
  if (Result<void> checked = view.check_head(); !checked) {
    return std::unexpected(checked.error());
  }
  return view;
}

std::optional<SlotSpan> SegmentView::span() const {
  return count_ == 0 ? std::nullopt
                     : std::optional(SlotSpan{.first = first_slot(), .last = last_slot()});
}

Result<std::span<const PlainPass>> SegmentView::read(size_t block, std::optional<MonitorUid> only,
                                                     Cursor& cursor) const {
  const Entry entry = this->entry(block);
  if (checksums_ == Checksums::checked && stable_hash(entry.block) != entry.checksum) {
    return damaged(fmt::format("the checksum of block {} is another", block));
  }
  const std::span<PlainPass> passes =
      std::span(cursor.room).first(std::min(kBlockPasses, count_ - (block * kBlockPasses)));
  const BlockReading reading =
      read_block(entry.block, {.monitor = entry.monitor, .slot = first_slot()}, only, passes);
  if (!reading.is_whole) {
    return damaged(fmt::format("block {} holds what was never written", block));
  }
  if (!reading.found) {
    return std::span<const PlainPass>();
  }
  const bool is_in_order = !cursor.before || is_before(*cursor.before, passes.front());
  const bool is_in_span = std::ranges::all_of(
      passes, [last = last_slot()](const PlainPass& pass) { return pass.slot <= last; });
  if (!is_in_order || !is_in_span) {
    return damaged(fmt::format("block {} is in no order", block));
  }
  cursor.before = passes.back();
  return passes;
}

size_t SegmentView::first_block_of(MonitorUid monitor) const {
  size_t block = 0;
  for (size_t end = blocks(); block < end;) {
    const size_t middle = block + ((end - block) / 2);
    if (entry(middle).monitor < monitor) {
      block = middle + 1;
    } else {
      end = middle;
    }
  }
  return block - (block > 0 ? 1 : 0);  // it may begin within the one before
}

Result<void> SegmentView::passes_of(MonitorUid monitor, std::vector<PlainPass>& out) const {
  Cursor cursor;
  for (size_t block = first_block_of(monitor); block < blocks() && entry(block).monitor <= monitor;
       ++block) {
    const Result<std::span<const PlainPass>> passes = read(block, monitor, cursor);
    if (!passes) {
      return std::unexpected(passes.error());
    }
    const auto own = std::ranges::equal_range(*passes, monitor, {}, &PlainPass::monitor);
    out.insert(out.end(), own.begin(), own.end());
  }
  return {};
}

Result<void> SegmentView::for_monitors(MonitorUid from, MonitorUid to,
                                       const std::function<void(const PlainPass&)>& take) const {
  Cursor cursor;
  for (size_t block = first_block_of(from); block < blocks() && entry(block).monitor < to;
       ++block) {
    const Result<std::span<const PlainPass>> passes = read(block, std::nullopt, cursor);
    if (!passes) {
      return std::unexpected(passes.error());
    }
    for (const PlainPass& pass : *passes) {
      if (from <= pass.monitor && pass.monitor < to) {
        take(pass);
      }
    }
  }
  return {};
}

std::optional<MonitorUid> SegmentView::cut_after(MonitorUid from, size_t blocks) const {
  for (size_t block = first_block_of(from) + blocks; block < this->blocks(); ++block) {
    if (entry(block).monitor > from) {
      return entry(block).monitor;
    }
  }
  return std::nullopt;
}

Result<void> SegmentView::for_each(SystemTime from, SystemTime to,
                                   const std::function<void(const PlainPass&)>& take) const {
  if (count_ == 0 || from > last_slot() || to <= first_slot()) {
    return {};
  }
  Cursor cursor;
  for (size_t block = 0; block < blocks(); ++block) {
    const Result<std::span<const PlainPass>> passes = read(block, std::nullopt, cursor);
    if (!passes) {
      return std::unexpected(passes.error());
    }
    for (const PlainPass& pass : *passes) {
      if (from <= pass.slot && pass.slot < to) {
        take(pass);
      }
    }
  }
  return {};
}

}  // namespace tocsin
