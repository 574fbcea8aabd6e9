#include "store/newest_slots.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "store/pass_search.h"
#include "store/segment_block.h"
#include "store/segment_table.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

// Before monitors are looked for one by one.
constexpr size_t kCountedReadMax = 64;
constexpr size_t kLocationsReadMax = 1000;  // of one slot

constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();
constexpr SystemTime kNone = SystemTime::min();

}  // namespace

NewestSlots::NewestSlots(std::span<const MonitorUid> monitors, uint32_t clock_epoch)
    : monitors_(monitors),
      clock_epoch_(clock_epoch),
      slots_(monitors.size(), kNone),
      passes_(monitors.size()) {}

Result<NewestSlots> NewestSlots::read(Database& database, std::span<const MonitorUid> monitors,
                                      uint32_t clock_epoch) {
  const Result<Counted> counted = load_counted(database);
  if (!counted) {
    return std::unexpected(counted.error());
  }
  NewestSlots newest(monitors, clock_epoch);
  Result<Places> left =
      newest.read_segments(segments_after_down(database, counted->through), kNoLimit);
  if (left) {
    left = newest.read_segments(segments_through_down(database, counted->through), kCountedReadMax);
  }
  if (!left) {
    return std::unexpected(left.error());
  }
  for (const size_t place : *left) {
    if (Result<void> found = newest.search_for(database, place); !found) {
      return std::unexpected(found.error());
    }
  }
  return newest;
}

std::span<const PlainPass> NewestSlots::of(size_t place) const {
  if (slots_[place] == kNone) {
    return {};
  }
  const auto several = several_.find(place);
  return several == several_.end() ? std::span(&passes_[place], 1) : std::span(several->second);
}

Result<NewestSlots::Places> NewestSlots::read_segments(Rows rows, size_t segments_max) {
  for (size_t segments = 0;; ++segments) {
    const Result<bool> another = rows.next();
    if (!another) {
      return std::unexpected(another.error());
    }
    if (!*another) {
      return Places();
    }
    Places open = open_at(rows.time(1));
    if (open.empty() || segments == segments_max) {
      return open;
    }
    const Result<SegmentView> view = SegmentView::open(rows.text(0));
    if (!view) {
      return std::unexpected(view.error());
    }
    if (Result<void> read = read_segment(*view, open); !read) {
      return std::unexpected(read.error());
    }
  }
}

Result<void> NewestSlots::read_segment(const SegmentView& segment, const Places& open) {
  if (open.size() > segment.count() / kBlockPasses) {  // to look for one reads a block
    return segment.for_monitors(monitors_.front(), {monitors_.back().value + 1},
                                [&](const PlainPass& pass) { take(pass); });
  }
  std::vector<PlainPass> own;
  for (const size_t place : open) {
    own.clear();
    if (Result<void> read = segment.passes_of(monitors_[place], own); !read) {
      return read;
    }
    for (const PlainPass& pass : own) {
      take(place, pass);
    }
  }
  return {};
}

// By the hours in which it has results.
Result<void> NewestSlots::search_for(Database& database, size_t place) {
  PassQuery query{.monitor = monitors_[place], .clock_epoch = clock_epoch_};
  Result<std::vector<PlainPass>> found = newest_passes(database, query);
  if (found && !found->empty()) {
    const SystemTime slot = found->front().slot;
    query.span = {.from = slot, .to = slot + 1us};
    query.limit = kLocationsReadMax;
    found = newest_passes(database, query);
  }
  if (!found) {
    return std::unexpected(found.error());
  }
  slots_[place] = kNone;
  for (const PlainPass& pass : *found) {
    take(place, pass);
  }
  return {};
}

NewestSlots::Places NewestSlots::open_at(SystemTime last) const {
  Places open;
  for (size_t place = 0; place < slots_.size(); ++place) {
    if (slots_[place] <= last) {
      open.push_back(place);
    }
  }
  return open;
}

void NewestSlots::take(const PlainPass& pass) {
  if (const size_t place = place_of(pass.monitor); place != monitors_.size()) {
    take(place, pass);
  }
}

void NewestSlots::take(size_t place, const PlainPass& pass) {
  SystemTime& newest = slots_[place];
  if (pass.clock_epoch != clock_epoch_ || pass.slot < newest) {
    return;
  }
  if (pass.slot == newest) {
    several_.try_emplace(place, 1, passes_[place]).first->second.push_back(pass);
    return;
  }
  newest = pass.slot;
  passes_[place] = pass;
  several_.erase(place);
}

// The number of monitors: it is none of them. A segment is in order too, so the next one is mostly
// near.
size_t NewestSlots::place_of(MonitorUid monitor) {
  constexpr size_t kNear = 8;
  const auto begin = monitors_.begin();
  auto from = begin + static_cast<std::ptrdiff_t>(last_);
  auto to = begin + static_cast<std::ptrdiff_t>(std::min(last_ + kNear, monitors_.size()));
  if (from == monitors_.end() || *from > monitor) {
    to = std::exchange(from, begin);
  } else if (to != monitors_.end() && *to < monitor) {
    from = std::exchange(to, monitors_.end());
  }
  const auto found = std::lower_bound(from, to, monitor);
  last_ = static_cast<size_t>(found - begin);
  return found != monitors_.end() && *found == monitor ? last_ : monitors_.size();
}

}  // namespace tocsin
