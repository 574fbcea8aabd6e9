#include "store/segment_table.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tocsin {
namespace {

using sqlite::Blob;
using sqlite::Database;
using sqlite::Rows;

constexpr const char* kValue = "SELECT value FROM meta WHERE name = ?";
constexpr const char* kSetValue = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)";

Result<int64_t> load_number(Database& database, const char* name) {
  const auto found = database.number(kValue, {name});
  return found ? Result<int64_t>(found->value_or(0)) : std::unexpected(found.error());
}

// Of passes in any order.
SlotSpan span_of(std::span<const PlainPass> passes) {
  const auto [first, last] = std::ranges::minmax(passes, {}, &PlainPass::slot);
  return {.first = first.slot, .last = last.slot};
}

uint32_t epoch_of(std::span<const PlainPass> passes) {
  return std::ranges::max(passes, {}, &PlainPass::clock_epoch).clock_epoch;
}

}  // namespace

Result<Counted> load_counted(Database& database) {
  Counted counted;
  for (auto& [name, value] : {std::pair<const char*, int64_t&>("counted_through", counted.through),
                              {"counted_target", counted.target},
                              {"counted_monitor", counted.monitor.value}}) {
    const Result<int64_t> number = load_number(database, name);
    if (!number) {
      return std::unexpected(number.error());
    }
    value = *number;
  }
  return counted;
}

Result<void> store_counted(Database& database, const Counted& counted) {
  for (const auto& [name, value] :
       {std::pair<const char*, int64_t>("counted_through", counted.through),
        {"counted_target", counted.target},
        {"counted_monitor", counted.monitor.value}}) {
    if (Result<void> done = database.run(kSetValue, {name, value}); !done) {
      return done;
    }
  }
  return {};
}

Result<std::vector<SegmentRow>> list_segments(Database& database) {
  std::vector<SegmentRow> rows;
  const Result<void> done = sqlite::for_each_row(
      database.query("SELECT number, level, first, last, count FROM segments ORDER BY number"),
      [&](const Rows& row) -> Result<void> {
        rows.push_back({.number = row.integer(0),
                        .level = row.integer(1),
                        .span = {.first = row.time(2), .last = row.time(3)},
                        .count = row.integer(4)});
        return {};
      });
  return done ? Result<std::vector<SegmentRow>>(std::move(rows)) : std::unexpected(done.error());
}

sqlite::Rows segments_after_down(Database& database, int64_t through, uint32_t clock_epoch) {
  return database.query(
      "SELECT passes, last, first FROM segments WHERE number > ? AND epoch >= ? ORDER BY last DESC",
      {through, clock_epoch});
}

sqlite::Rows segments_through_down(Database& database, int64_t through, uint32_t clock_epoch) {
  return database.query(
      "SELECT passes, last, first FROM segments WHERE number <= ? AND epoch >= ? "
      "ORDER BY last DESC",
      {through, clock_epoch});
}

Result<uint32_t> newest_epoch(Database& database) {
  const auto found = database.number("SELECT max(epoch) FROM segments");
  if (!found) {
    return std::unexpected(found.error());
  }
  return static_cast<uint32_t>(found->value_or(0));
}

Result<SegmentRow> insert_segment(Database& database, int64_t number,
                                  std::span<const PlainPass> passes) {
  const SegmentRow row{.number = number,
                       .level = 0,
                       .span = span_of(passes),
                       .count = static_cast<int64_t>(passes.size())};
  const std::string bytes = pack_segment(passes);
  Result<void> done = database.run(
      "INSERT INTO segments (number, level, first, last, epoch, count, passes) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      {number, row.level, row.span.first, row.span.last, epoch_of(passes), row.count, Blob{bytes}});
  return done ? Result<SegmentRow>(row) : std::unexpected(done.error());
}

Result<SegmentRow> join_segments(Database& database, std::span<const SegmentRow> rows,
                                 int64_t level) {
  std::vector<PlainPass> passes;
  const Result<void> read = for_each_segment(
      database.query("SELECT passes FROM segments WHERE number BETWEEN ? AND ? ORDER BY number",
                     {rows.front().number, rows.back().number}),
      [&](const SegmentView& view) {
        passes.reserve(passes.size() + view.count());
        return view.for_each(SystemTime(), SystemTime::max(),
                             [&](const PlainPass& pass) { passes.push_back(pass); });
      });
  if (!read) {
    return std::unexpected(read.error());
  }
  const SegmentRow joined{.number = rows.front().number,
                          .level = level,
                          .span = span_of(passes),
                          .count = static_cast<int64_t>(passes.size())};
  const std::string bytes = pack_segment(passes);
  Result<void> done = database.run(
      "UPDATE segments SET level = ?, first = ?, last = ?, epoch = ?, count = ?, passes = ? "
      "WHERE number = ?",
      {level, joined.span.first, joined.span.last, epoch_of(passes), joined.count, Blob{bytes},
       joined.number});
  if (done) {
    done = database.run("DELETE FROM segments WHERE number > ? AND number <= ?",
                        {joined.number, rows.back().number});
  }
  return done ? Result<SegmentRow>(joined) : std::unexpected(done.error());
}

}  // namespace tocsin
