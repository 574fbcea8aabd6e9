#include "store/pass_log.h"

#include <algorithm>
#include <limits>
#include <span>

#include "store/pass_search.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Transaction;

constexpr int64_t kDeletedAtOnce = 16;  // segments
constexpr size_t kRowsLookedAt = 1024;  // newest; older ones have been put together long ago

// Runs `work` in a transaction.
template <class Work>
Result<void> in_transaction(Database& database, Work work) {
  Transaction transaction(database);
  Result<void> done = transaction.begin();
  if (done) {
    done = work();
  }
  return done ? transaction.commit() : done;
}

}  // namespace

Result<void> PassLog::load(Database& database) {
  if (is_loaded_) {
    return {};
  }
  Result<std::vector<SegmentRow>> rows = list_segments(database);
  if (!rows) {
    return std::unexpected(rows.error());
  }
  const Result<Counted> counted = load_counted(database);
  if (!counted) {
    return std::unexpected(counted.error());
  }
  const Result<uint32_t> epoch = newest_epoch(database);
  if (!epoch) {
    return std::unexpected(epoch.error());
  }
  const auto slot = database.number("SELECT max(slot) FROM results");
  if (!slot) {
    return std::unexpected(slot.error());
  }
  SystemTime newest(Duration(slot->value_or(std::numeric_limits<int64_t>::min())));
  for (const SegmentRow& row : *rows) {
    newest = std::max(newest, row.span.last);
  }
  rows_ = std::move(*rows);
  counted_ = *counted;
  next_number_ = std::max({counted_.through, counted_.target,
                           rows_.empty() ? int64_t{0} : rows_.back().number}) +
                 1;
  floor_ = {*epoch, newest};
  is_loaded_ = true;
  owes_ = has_work();
  return {};
}

void PassLog::forget() {
  is_loaded_ = false;
  owes_ = true;
  rows_.clear();
  newest_.clear();
  taken_.clear();
}

// False is certain, true is not.
Result<bool> PassLog::may_hold(Database& database, const ResultId& id) {
  if (Result<void> loaded = load(database); !loaded) {
    return std::unexpected(loaded.error());
  }
  const auto found = newest_.find({.monitor = id.monitor, .location = id.location});
  const Moment& known = found == newest_.end() ? floor_ : std::max(found->second, floor_);
  return Moment(id.clock_epoch, id.slot) <= known;
}

Result<bool> PassLog::holds(Database& database, const ResultId& id) {
  const Result<bool> may_hold = this->may_hold(database, id);
  if (!may_hold || !*may_hold) {
    return may_hold;
  }
  if (std::ranges::any_of(taken_, [&](const PlainPass& pass) { return id_of(pass) == id; })) {
    return true;
  }
  const Result<std::optional<PlainPass>> found = find_pass(database, id);
  return found ? Result<bool>(found->has_value()) : std::unexpected(found.error());
}

Result<bool> PassLog::add(Database& database, const PlainPass& pass) {
  if (Result<void> loaded = load(database); !loaded) {
    return std::unexpected(loaded.error());
  }
  const Moment moment(pass.clock_epoch, pass.slot);
  Moment& newest = newest_.try_emplace({.monitor = pass.monitor, .location = pass.location}, floor_)
                       .first->second;
  if (moment <= newest) {
    const Result<bool> holds = this->holds(database, id_of(pass));
    if (!holds || *holds) {
      return holds ? Result<bool>(false) : holds;
    }
    const auto row = database.number(
        "SELECT 1 FROM results WHERE slot = ? AND monitor = ? AND location = ? AND epoch = ? AND "
        "attempt = 1",
        {pass.slot, pass.monitor.value, pass.location, pass.clock_epoch});
    if (!row || *row) {
      return row ? Result<bool>(false) : std::unexpected(row.error());
    }
  }
  newest = std::max(newest, moment);
  taken_.push_back(pass);
  return true;
}

Result<void> PassLog::write(Database& database) {
  // As a rule all slots are of one second, and this is one segment.
  std::ranges::sort(taken_, {}, &PlainPass::slot);
  std::span<const PlainPass> left = taken_;
  while (!left.empty()) {
    const SystemTime end = left.front().slot + kSegmentSpanMax;
    const auto behind = std::ranges::upper_bound(left, end, {}, &PlainPass::slot);
    const size_t count =
        std::min<size_t>(static_cast<size_t>(behind - left.begin()), kSegmentCountMax);
    const Result<SegmentRow> row = insert_segment(database, next_number_, left.first(count));
    if (!row) {
      return std::unexpected(row.error());
    }
    rows_.push_back(*row);
    ++next_number_;
    left = left.subspan(count);
  }
  if (!taken_.empty()) {
    owes_ = has_work();
  }
  taken_.clear();
  return {};
}

// --- between commits

PassLog::Work PassLog::next_work() const {
  if (counted_.is_under_way()) {
    return {.join = {}, .count_up_to = counted_.target};
  }
  const size_t skipped = rows_.size() - std::min(rows_.size(), kRowsLookedAt);
  if (std::optional<JoinPlan> join = plan_join(std::span(rows_).subspan(skipped), counted_)) {
    join->first += skipped;
    return {.join = join, .count_up_to = {}};
  }
  return {.join = {}, .count_up_to = plan_count(rows_, counted_)};
}

bool PassLog::has_work() const {
  const Work work = next_work();
  return work.join || work.count_up_to;
}

Result<void> PassLog::tend(Database& database, Rollup& rollup) {
  Result<void> done = load(database);
  if (done) {
    const Work work = next_work();
    if (work.join) {
      done = join_some(database, *work.join);
    } else if (work.count_up_to) {
      begin_count(*work.count_up_to);
      done = count_some(database, rollup);
    }
  }
  owes_ = done && has_work();
  if (!done) {
    forget();
    owes_ = false;  // tried again with the next results
  }
  return done;
}

Result<void> PassLog::join_some(Database& database, const JoinPlan& plan) {
  SegmentRow joined;
  Result<void> done = in_transaction(database, [&]() -> Result<void> {
    const Result<SegmentRow> row =
        join_segments(database, std::span(rows_).subspan(plan.first, plan.count), plan.level);
    if (!row) {
      return std::unexpected(row.error());
    }
    joined = *row;
    return {};
  });
  if (done) {
    const auto at = rows_.begin() + static_cast<std::ptrdiff_t>(plan.first);
    *at = joined;
    rows_.erase(at + 1, at + static_cast<std::ptrdiff_t>(plan.count));
  }
  return done;
}

void PassLog::begin_count(int64_t up_to) {
  if (!counted_.is_under_way()) {
    counted_.target = up_to;
    counted_.monitor = MonitorUid{std::numeric_limits<int64_t>::min()};
  }
}

// The monitors from counted_.monitor on, as far as one piece goes.
Result<void> PassLog::count_some(Database& database, Rollup& rollup) {
  constexpr MonitorUid kEnd{std::numeric_limits<int64_t>::max()};
  constexpr const char* kSegments =
      "SELECT passes FROM segments WHERE number > ? AND number <= ? ORDER BY number";
  Counted counted = counted_;
  Result<void> done = in_transaction(database, [&]() -> Result<void> {
    MonitorUid end = kEnd;
    Result<void> read = for_each_segment(
        database.query(kSegments, {counted.through, counted.target}),
        [&](const SegmentView& view) -> Result<void> {
          end = std::min(end, view.cut_after(counted.monitor, blocks_counted_).value_or(kEnd));
          return {};
        });
    if (read) {
      read = for_each_segment(database.query(kSegments, {counted.through, counted.target}),
                              [&](const SegmentView& view) {
                                return view.for_monitors(
                                    counted.monitor, end,
                                    [&](const PlainPass& pass) { rollup.add(pass); });
                              });
    }
    if (read) {
      read = rollup.write(database);
    }
    counted.monitor = end;
    if (end == kEnd) {
      counted = {.through = counted.target, .target = counted.target, .monitor = {}};
    }
    return read ? store_counted(database, counted) : read;
  });
  rollup.forget();
  if (done) {
    counted_ = counted;
  }
  return done;
}

Result<bool> PassLog::delete_before(Database& database, Rollup& rollup, SystemTime stays) {
  if (Result<void> loaded = load(database); !loaded) {
    return std::unexpected(loaded.error());
  }
  const auto is_old = [&](const SegmentRow& row) { return row.span.last < stays; };
  if (std::ranges::none_of(rows_, is_old)) {
    return false;
  }
  const auto is_uncounted_old = [&](const SegmentRow& row) {
    return is_old(row) && row.number > counted_.through;
  };
  Result<void> done;
  if (std::ranges::any_of(rows_, is_uncounted_old)) {
    begin_count(rows_.back().number);
    done = count_some(database, rollup);
  } else {
    done = database.run(
        "DELETE FROM segments WHERE number IN "
        "(SELECT number FROM segments WHERE last < ? ORDER BY last LIMIT ?)",
        {stays, kDeletedAtOnce});
    if (done) {
      Result<std::vector<SegmentRow>> rows = list_segments(database);
      done = rows ? Result<void>() : std::unexpected(rows.error());
      rows_ = rows ? std::move(*rows) : std::vector<SegmentRow>();
    }
  }
  if (!done) {
    forget();
    return std::unexpected(done.error());
  }
  return true;
}

}  // namespace tocsin
