#include "store/newest_slots.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "store/json.h"
#include "store/segment_block.h"
#include "store/segment_table.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

constexpr SystemTime kNone = SystemTime::min();

// Of segments_after_down and segments_through_down.
constexpr int kPassesColumn = 0;
constexpr int kLastColumn = 1;
constexpr int kFirstColumn = 2;

SlotSpan span_of(const Rows& row) {
  return {.first = row.time(kFirstColumn), .last = row.time(kLastColumn)};
}

constexpr const char* kNewestKnownRow =
    "SELECT slot FROM results WHERE monitor = ? AND epoch = ? AND final = 1 AND verdict <> 4 "
    "ORDER BY slot DESC LIMIT 1";
constexpr const char* kHourBefore =
    "SELECT hour FROM hours WHERE monitor = ? AND hour > ? AND hour < ? AND passed > 0 "
    "ORDER BY hour DESC LIMIT 1";

}  // namespace

// What is still to be looked for on the way down through the segments.
struct NewestSlots::Walk {
  Places open;                  // not settled by what was read
  std::vector<Sought> sought;   // a heap, the newest hour on top
  std::vector<Sought> reached;  // those of them that may stand in the segments at hand
  StateReader states;

  [[nodiscard]] bool is_over() const { return open.empty() && sought.empty() && reached.empty(); }
  static bool is_older(const Sought& a, const Sought& b) { return a.hour < b.hour; }
  void seek(const Sought& one) {
    sought.push_back(one);
    std::ranges::push_heap(sought, is_older);
  }
  Sought take_newest() {
    std::ranges::pop_heap(sought, is_older);
    const Sought one = sought.back();
    sought.pop_back();
    return one;
  }
};

NewestSlots::NewestSlots(std::span<const MonitorUid> monitors, uint32_t clock_epoch)
    : monitors_(monitors),
      clock_epoch_(clock_epoch),
      slots_(monitors.size(), kNone),
      passes_(monitors.size()) {}

Result<NewestSlots> NewestSlots::read(Database& database, std::span<const MonitorUid> monitors,
                                      uint32_t clock_epoch, size_t unasked_max) {
  NewestSlots newest(monitors, clock_epoch);
  const Result<Counted> counted = load_counted(database);
  if (!counted) {
    return std::unexpected(counted.error());
  }
  Walk walk;
  walk.open = newest.all_places();
  Result<void> read =
      newest.read_uncounted(segments_after_down(database, counted->through, clock_epoch), walk);
  if (read) {
    walk.open = newest.all_places();  // it begins at the newest of them, which may be newer
    Rows rows = segments_through_down(database, counted->through, clock_epoch);
    read = newest.read_counted(database, rows, walk, unasked_max);
  }
  return read ? Result<NewestSlots>(std::move(newest)) : std::unexpected(read.error());
}

std::span<const PlainPass> NewestSlots::of(size_t place) const {
  if (slots_[place] == kNone) {
    return {};
  }
  const auto several = several_.find(place);
  return several == several_.end() ? std::span(&passes_[place], 1) : std::span(several->second);
}

Result<void> NewestSlots::read_uncounted(Rows&& rows, Walk& walk) {
  return sqlite::for_each_row(std::move(rows), [&](const Rows& row) -> Result<void> {
    keep_open(walk.open, span_of(row).last);
    return walk.open.empty() ? Result<void>() : read_segment(row, walk.open);
  });
}

Result<void> NewestSlots::read_counted(Database& database, Rows& rows, Walk& walk,
                                       size_t unasked_max) {
  for (size_t segments = 0; !walk.is_over(); ++segments) {
    const Result<bool> another = rows.next();
    if (!another || !*another) {
      return another ? Result<void>() : std::unexpected(another.error());
    }
    const SlotSpan span = span_of(rows);
    keep_open(walk.open, span.last);
    if (segments == unasked_max) {
      if (Result<void> asked = ask_about(database, walk, span.last); !asked) {
        return asked;
      }
    }
    const Result<Places> sought =
        segments < unasked_max ? Result<Places>(walk.open) : sought_in(database, walk, span);
    if (!sought) {
      return std::unexpected(sought.error());
    }
    if (!sought->empty()) {
      if (Result<void> read = read_segment(rows, *sought); !read) {
        return read;
      }
    }
  }
  return {};
}

Result<void> NewestSlots::read_segment(const Rows& row, const Places& open) {
  const Result<SegmentView> segment = SegmentView::open(row.text(kPassesColumn));
  if (!segment) {
    return std::unexpected(segment.error());
  }
  if (open.size() > segment->count() / kBlockPasses) {  // to look for one reads a block
    return segment->for_monitors(monitors_.front(), {monitors_.back().value + 1},
                                 [&](const PlainPass& pass) { take(pass); });
  }
  std::vector<PlainPass> own;
  for (const size_t place : open) {
    own.clear();
    if (Result<void> read = segment->passes_of(monitors_[place], own); !read) {
      return read;
    }
    for (const PlainPass& pass : own) {
      take(place, pass);
    }
  }
  return {};
}

Result<void> NewestSlots::ask_about(Database& database, Walk& walk, SystemTime last) {
  for (const size_t place : std::exchange(walk.open, {})) {
    const Result<SystemTime> known = known_of(database, walk, place);
    if (!known) {
      return std::unexpected(known.error());
    }
    if (*known <= last) {
      const Sought one{.place = place, .known = *known};
      if (Result<void> sought = seek_before(database, walk, one, last + 1us); !sought) {
        return sought;
      }
    }
  }
  return {};
}

// CatchUp needs no pass before the newest result that is known, in whichever form.
Result<SystemTime> NewestSlots::known_of(Database& database, Walk& walk, size_t place) const {
  MonitorState state;
  const Result<void> read = sqlite::for_each_row(
      database.query("SELECT state FROM states WHERE monitor = ?", {monitors_[place].value}),
      [&](const Rows& row) { return walk.states.read(row.text(0), state); });
  if (!read) {
    return std::unexpected(read.error());
  }
  const auto row = database.number(kNewestKnownRow, {monitors_[place].value, clock_epoch_});
  if (!row) {
    return std::unexpected(row.error());
  }
  const SystemTime slot =
      state.status.clock_epoch == clock_epoch_ ? state.status.slot + 1us : SystemTime();
  return *row ? std::max(slot, SystemTime(Duration(**row))) : slot;
}

Result<void> NewestSlots::seek_before(Database& database, Walk& walk, Sought one,
                                      SystemTime before) {
  const auto hour =
      database.number(kHourBefore, {monitors_[one.place].value, one.known - 1h, before});
  if (!hour) {
    return std::unexpected(hour.error());
  }
  if (*hour) {
    one.hour = SystemTime(Duration(**hour));
    walk.seek(one);
  }
  return {};
}

Result<NewestSlots::Places> NewestSlots::sought_in(Database& database, Walk& walk,
                                                   const SlotSpan& span) {
  const auto is_reached = [&](const Sought& one) {
    return one.hour + 1h + kSegmentSpanMax > span.last;
  };
  std::vector<Sought> due = std::exchange(walk.reached, {});
  while (!due.empty() || (!walk.sought.empty() && is_reached(walk.sought.front()))) {
    if (due.empty()) {
      due.push_back(walk.take_newest());
    }
    const Sought one = due.back();
    due.pop_back();
    if (std::max(slots_[one.place], one.known) > span.last) {
      continue;  // settled
    }
    if (one.hour <= span.last) {
      walk.reached.push_back(one);
    } else if (Result<void> sought = seek_before(database, walk, one, one.hour); !sought) {
      return std::unexpected(sought.error());
    }
  }
  Places places;
  for (const Sought& one : walk.reached) {
    if (one.hour + 1h > span.first) {
      places.push_back(one.place);
    }
  }
  return places;
}

NewestSlots::Places NewestSlots::all_places() const {
  Places all(monitors_.size());
  std::iota(all.begin(), all.end(), size_t{0});
  return all;
}

void NewestSlots::keep_open(Places& open, SystemTime last) const {
  std::erase_if(open, [&](size_t place) { return slots_[place] > last; });
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
