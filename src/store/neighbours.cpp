// Neighbours are looked for in `results`, in `failures`, which may have outlived them, and in the
// segments (reader.h).
#include "store/neighbours.h"

#include <array>

#include "store/pass_search.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

// The same question to the two tables.
using Pair = std::array<const char*, 2>;

constexpr Pair kPrevious = {
    "SELECT slot, location, epoch, attempt FROM results WHERE monitor = ?1 AND slot <= ?2 AND "
    "final "
    "= 1 AND (slot, location, epoch, attempt) < (?2, ?3, ?4, ?5) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT 1",
    "SELECT slot, location, epoch, attempt FROM failures WHERE monitor = ?1 AND slot <= ?2 AND "
    "final "
    "= 1 AND (slot, location, epoch, attempt) < (?2, ?3, ?4, ?5) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT 1"};
constexpr Pair kNext = {
    "SELECT slot, location, epoch, attempt FROM results WHERE monitor = ?1 AND slot >= ?2 AND "
    "final "
    "= 1 AND (slot, location, epoch, attempt) > (?2, ?3, ?4, ?5) "
    "ORDER BY slot, location, epoch, attempt LIMIT 1",
    "SELECT slot, location, epoch, attempt FROM failures WHERE monitor = ?1 AND slot >= ?2 AND "
    "final "
    "= 1 AND (slot, location, epoch, attempt) > (?2, ?3, ?4, ?5) "
    "ORDER BY slot, location, epoch, attempt LIMIT 1"};
constexpr Pair kLastGood = {
    "SELECT slot, location, epoch, attempt FROM results WHERE monitor = ?1 AND slot <= ?2 AND "
    "final "
    "= 1 AND verdict = 1 AND (slot, location, epoch, attempt) < (?2, ?3, ?4, ?5) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT 1",
    // Of an index that has what passed apart; null is a row of before version 3.
    "SELECT slot, location, epoch, attempt FROM failures INDEXED BY failures_by_error "
    "WHERE monitor = ?1 AND (error = 0 OR error IS NULL) AND slot <= ?2 AND final "
    "= 1 AND verdict = 1 AND (slot, location, epoch, attempt) < (?2, ?3, ?4, ?5) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT 1"};

void take_nearer(const ResultId& candidate, bool is_backward, std::optional<ResultId>& answer) {
  if (!answer || (place_of(candidate) > place_of(*answer)) == is_backward) {
    answer = candidate;
  }
}

// The nearer of the answers of the two tables.
Result<void> ask(Database& database, const Pair& question, const ResultId& id, bool is_backward,
                 std::optional<ResultId>& answer) {
  for (const char* sql : question) {
    Rows rows =
        database.query(sql, {id.monitor.value, id.slot, id.location, id.clock_epoch, id.attempt});
    const Result<bool> found = rows.next();
    if (!found) {
      return std::unexpected(found.error());
    }
    if (!*found) {
      continue;
    }
    const ResultId candidate{.monitor = id.monitor,
                             .location = static_cast<uint16_t>(rows.integer(1)),
                             .clock_epoch = static_cast<uint32_t>(rows.integer(2)),
                             .slot = rows.time(0),
                             .attempt = static_cast<uint8_t>(rows.integer(3))};
    take_nearer(candidate, is_backward, answer);
  }
  return {};
}

// The same among the plain passes, all of which are final and good.
Result<void> ask_plain(Database& database, const ResultId& id, bool is_backward,
                       std::optional<ResultId>& answer) {
  PassQuery query{.monitor = id.monitor};
  (is_backward ? query.before : query.after) = id;
  const Result<std::vector<PlainPass>> found =
      is_backward ? newest_passes(database, query) : oldest_passes(database, query);
  if (!found) {
    return std::unexpected(found.error());
  }
  if (!found->empty()) {
    take_nearer(id_of(found->front()), is_backward, answer);
  }
  return {};
}

}  // namespace

Result<Neighbours> find_neighbours(Database& database, const ResultId& id) {
  sqlite::Transaction snapshot(database);
  if (Result<void> begun = snapshot.begin_reading(); !begun) {
    return std::unexpected(begun.error());
  }
  Neighbours found;
  struct Question {
    const Pair& sql;
    bool is_backward;
    std::optional<ResultId>& answer;
  };
  for (const Question& question :
       {Question{kPrevious, true, found.previous}, Question{kNext, false, found.next},
        Question{kLastGood, true, found.last_good}}) {
    if (Result<void> done = ask(database, question.sql, id, question.is_backward, question.answer);
        !done) {
      return std::unexpected(done.error());
    }
    if (Result<void> done = ask_plain(database, id, question.is_backward, question.answer); !done) {
      return std::unexpected(done.error());
    }
  }
  return found;
}

}  // namespace tocsin
