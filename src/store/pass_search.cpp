#include "store/pass_search.h"

#include <algorithm>
#include <utility>

#include "store/rollup.h"
#include "store/segment_table.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

constexpr const char* kUncounted =
    "SELECT passes FROM segments WHERE number > ?1 AND first < ?2 AND last >= ?3 ORDER BY number";
// `last < ?2` says no more than that a segment is no longer than it can be, but ends the search.
constexpr const char* kCountedWithin =
    "SELECT passes FROM segments WHERE last >= ?1 AND last < ?2 AND first < ?3 AND number <= ?4";
constexpr const char* kHoursDown =
    "SELECT DISTINCT hour FROM hours WHERE monitor = ?1 AND hour > ?2 AND hour < ?3 AND passed > 0 "
    "ORDER BY hour DESC";
constexpr const char* kHoursUp =
    "SELECT DISTINCT hour FROM hours WHERE monitor = ?1 AND hour > ?2 AND hour < ?3 AND passed > 0 "
    "ORDER BY hour";
enum class Direction : uint8_t { newest_first, oldest_first };

// The span with what `before` and `after` say of it.
TimeSpan bounds_of(const PassQuery& query) {
  TimeSpan span{.from = std::max(query.span.from, SystemTime()),
                .to = std::min(query.span.to, SystemTime(Duration(kPlainSlotMax + 1)))};
  if (query.before) {
    span.to = std::min(span.to, query.before->slot + 1us);
  }
  if (query.after) {
    span.from = std::max(span.from, query.after->slot);
  }
  return span;
}

bool fits(const PassQuery& query, const PlainPass& pass) {
  return (!query.before || place_of(pass) < place_of(*query.before)) &&
         (!query.after || place_of(pass) > place_of(*query.after)) &&
         (!query.location || pass.location == *query.location) &&
         (!query.clock_epoch || pass.clock_epoch == *query.clock_epoch);
}

// Appends what one segment has for the query within `span`.
Result<void> take_from(const SegmentView& view, const PassQuery& query, const TimeSpan& span,
                       std::vector<PlainPass>& out) {
  std::vector<PlainPass> own;
  Result<void> read = view.passes_of(query.monitor, own);
  std::ranges::copy_if(own, std::back_inserter(out), [&](const PlainPass& pass) {
    return span.holds(pass.slot) && fits(query, pass);
  });
  return read;
}

void put_in_order(std::vector<PlainPass>& passes, Direction direction, size_t limit) {
  const auto is_first = [direction](const PlainPass& a, const PlainPass& b) {
    return direction == Direction::newest_first ? place_of(a) > place_of(b)
                                                : place_of(a) < place_of(b);
  };
  std::ranges::sort(passes, is_first);
  passes.resize(std::min(passes.size(), limit));
}

// Adds to `found`, which has what is not counted, hour by hour what is, until nothing that follows
// can come into the answer.
Result<void> take_counted(Database& database, const PassQuery& query, const Counted& counted,
                          Direction direction, std::vector<PlainPass>& found) {
  const TimeSpan span = bounds_of(query);
  Rows hours = database.query(direction == Direction::newest_first ? kHoursDown : kHoursUp,
                              {query.monitor.value, span.from - 1h, span.to});
  while (true) {
    const Result<bool> another = hours.next();
    if (!another || !*another) {
      return another ? Result<void>() : std::unexpected(another.error());
    }
    const TimeSpan hour{.from = hours.time(0), .to = hours.time(0) + 1h};
    const auto nearer = std::ranges::count_if(found, [&](const PlainPass& pass) {
      return direction == Direction::newest_first ? pass.slot >= hour.to : pass.slot < hour.from;
    });
    if (std::cmp_greater_equal(nearer, query.limit)) {
      return {};
    }
    const TimeSpan within{.from = std::max(hour.from, span.from), .to = std::min(hour.to, span.to)};
    Result<void> read = for_each_segment(
        database.query(kCountedWithin, {within.from, within.to + kSegmentSpanMax, within.to,
                                        counted.last_for(query.monitor)}),
        [&](const SegmentView& view) { return take_from(view, query, within, found); });
    if (!read) {
      return read;
    }
  }
}

Result<std::vector<PlainPass>> search(Database& database, const PassQuery& query,
                                      Direction direction) {
  const Result<Counted> counted = load_counted(database);
  if (!counted) {
    return std::unexpected(counted.error());
  }
  const TimeSpan span = bounds_of(query);
  std::vector<PlainPass> found;
  Result<void> read = for_each_segment(
      database.query(kUncounted, {counted->last_for(query.monitor), span.to, span.from}),
      [&](const SegmentView& view) { return take_from(view, query, span, found); });
  if (read) {
    read = take_counted(database, query, *counted, direction, found);
  }
  if (!read) {
    return std::unexpected(read.error());
  }
  put_in_order(found, direction, query.limit);
  return found;
}

// `count` of them come after everything in the segment.
bool has_newer(const std::vector<PlainPass>& found, const SegmentView& view, size_t count) {
  const auto newer = std::ranges::count_if(found, [span = view.span()](const PlainPass& pass) {
    return !span || pass.slot > span->last;
  });
  return std::cmp_greater_equal(newer, count);
}

}  // namespace

Result<std::vector<PlainPass>> newest_passes(Database& database, const PassQuery& query) {
  return search(database, query, Direction::newest_first);
}

Result<std::vector<PlainPass>> oldest_passes(Database& database, const PassQuery& query) {
  return search(database, query, Direction::oldest_first);
}

Result<std::optional<PlainPass>> find_pass(Database& database, const ResultId& id) {
  if (id.attempt != 1) {
    return std::nullopt;
  }
  const Result<std::vector<PlainPass>> found =
      newest_passes(database, {.monitor = id.monitor,
                               .span = {.from = id.slot, .to = id.slot + 1us},
                               .before = {},
                               .after = {},
                               .location = id.location,
                               .clock_epoch = id.clock_epoch});
  if (!found) {
    return std::unexpected(found.error());
  }
  return found->empty() ? std::nullopt : std::optional(found->front());
}

Result<std::vector<std::vector<PlainPass>>> newest_passes_of_each(
    Database& database, std::span<const MonitorUid> monitors, size_t count) {
  const Result<Counted> counted = load_counted(database);
  if (!counted) {
    return std::unexpected(counted.error());
  }
  std::vector<std::vector<PlainPass>> found(monitors.size());
  // Of what is not counted each segment is read once for all that still need it.
  Result<void> read = for_each_segment(
      segments_after_down(database, counted->through),
      [&](const SegmentView& view) -> Result<void> {
        for (size_t index = 0; index < monitors.size(); ++index) {
          if (has_newer(found[index], view, count)) {
            continue;
          }
          if (Result<void> taken = view.passes_of(monitors[index], found[index]); !taken) {
            return taken;
          }
        }
        return {};
      });
  for (size_t index = 0; read && index < monitors.size(); ++index) {
    // Those that are counted already while counting goes on stand in both.
    Counted through = *counted;
    through.target = through.through;
    const PassQuery query{.monitor = monitors[index], .limit = count};
    read = take_counted(database, query, through, Direction::newest_first, found[index]);
    put_in_order(found[index], Direction::newest_first, count);
  }
  return read ? Result<std::vector<std::vector<PlainPass>>>(std::move(found))
              : std::unexpected(read.error());
}

Result<std::vector<HourTally>> uncounted_hours(Database& database, MonitorUid monitor,
                                               const TimeSpan& span) {
  const Result<Counted> counted = load_counted(database);
  if (!counted) {
    return std::unexpected(counted.error());
  }
  std::vector<PlainPass> found;
  const Result<void> read = for_each_segment(
      database.query(kUncounted, {counted->last_for(monitor), SystemTime::max(), SystemTime()}),
      [&](const SegmentView& view) { return view.passes_of(monitor, found); });
  if (!read) {
    return std::unexpected(read.error());
  }
  std::map<std::pair<SystemTime, uint16_t>, Tally> tallies;
  for (const PlainPass& pass : found) {
    const SystemTime hour = hour_of(pass.slot);
    if (span.holds(hour)) {
      count(tallies[{hour, pass.location}], pass);
    }
  }
  std::vector<HourTally> hours;
  hours.reserve(tallies.size());
  for (auto& [key, tally] : tallies) {
    hours.push_back({.hour = key.first, .location = key.second, .tally = std::move(tally)});
  }
  return hours;
}

}  // namespace tocsin
