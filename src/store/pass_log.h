// PassLog: how plain passes get into the store and what becomes of them there. A commit appends one
// segment; between commits, a bounded piece at a time, small segments are put together, roll-ups
// counted and old ones deleted. Used by the one writer only, on its connection.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/plain_pass.h"
#include "model/result.h"
#include "store/rollup.h"
#include "store/segment_plan.h"
#include "store/segment_table.h"
#include "store/sqlite.h"

namespace tocsin {

// Of each segment in one piece of counting.
inline constexpr size_t kBlocksCounted = 8;

class PassLog {
 public:
  explicit PassLog(size_t blocks_counted = kBlocksCounted) : blocks_counted_(blocks_counted) {}

  // --- within the caller's transaction. When that is not committed, forget() must follow.

  // Takes a pass for the next write(); false when its id is stored already.
  Result<bool> add(sqlite::Database& database, const PlainPass& pass);
  // Whether a plain pass of this id is stored, or will be by the next write().
  Result<bool> holds(sqlite::Database& database, const ResultId& id);
  // Appends what was taken.
  Result<void> write(sqlite::Database& database);
  // What is in memory is read from the file again.
  void forget();

  // --- between commits, each a transaction of its own

  // Whether tend() has something to do.
  [[nodiscard]] bool owes() const { return owes_; }
  // One piece of it, which takes some 25 ms at most.
  Result<void> tend(sqlite::Database& database, Rollup& rollup);
  // Deletes segments of which every slot is before `stays`, some at a time, once they are counted;
  // true: there may be more.
  Result<bool> delete_before(sqlite::Database& database, Rollup& rollup, SystemTime stays);

 private:
  using Moment = std::tuple<uint32_t, SystemTime>;  // clock epoch and slot
  // Whose passes: every monitor has a sequence of its own at every location.
  struct Origin {
    MonitorUid monitor;
    uint16_t location = 0;
    friend bool operator==(const Origin&, const Origin&) = default;
  };
  struct OriginHash {
    size_t operator()(const Origin& origin) const {
      return std::hash<MonitorUid>()(origin.monitor) ^ (size_t{origin.location} << 48);
    }
  };

  // What there is to do next.
  struct Work {
    std::optional<JoinPlan> join;
    std::optional<int64_t> count_up_to;
  };

  Result<void> load(sqlite::Database& database);
  [[nodiscard]] Work next_work() const;
  [[nodiscard]] bool has_work() const;
  Result<bool> may_hold(sqlite::Database& database, const ResultId& id);
  Result<void> join_some(sqlite::Database& database, const JoinPlan& plan);
  void begin_count(int64_t up_to);
  Result<void> count_some(sqlite::Database& database, Rollup& rollup);

  size_t blocks_counted_;
  bool is_loaded_ = false;
  bool owes_ = true;              // as long as nobody has looked
  std::vector<SegmentRow> rows_;  // by number
  Counted counted_;
  int64_t next_number_ = 1;
  Moment floor_;  // nothing stored at the time of loading came later
  std::unordered_map<Origin, Moment, OriginHash> newest_;  // since; whatever came later is new
  std::vector<PlainPass> taken_;
};

}  // namespace tocsin
