#include "store/result_list.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "store/json.h"
#include "store/pass_search.h"
#include "store/reader.h"
#include "store/result_rows.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

// The place of a row in a list of one monitor; a list runs downwards.
using Place =
    std::tuple<SystemTime, uint16_t, uint32_t, uint8_t>;  // slot, location, epoch, attempt

// The bounds of a query as the statements below take them.
struct Bounds {
  SystemTime from = SystemTime::min();
  SystemTime to = SystemTime::max();
  // Only rows that come before this one in time; the default is after every row.
  int64_t location = std::numeric_limits<int64_t>::max();
  int64_t epoch = std::numeric_limits<int64_t>::max();
  int64_t attempt = std::numeric_limits<int64_t>::max();
  SystemTime slot = SystemTime::max();
  std::optional<int64_t> verdict;
  size_t limit = 0;
};

Bounds bounds_of(const ResultQuery& query) {
  Bounds bounds;
  bounds.from = query.from.value_or(bounds.from);
  bounds.to = query.to.value_or(bounds.to);
  if (query.after) {
    bounds.slot = query.after->slot;
    bounds.location = query.after->location;
    bounds.epoch = query.after->clock_epoch;
    bounds.attempt = query.after->attempt;
    // Said once more as a plain bound, which lets SQLite begin there instead of at `to`.
    bounds.to = std::min(bounds.to, bounds.slot + 1us);
  }
  if (query.verdict) {
    bounds.verdict = static_cast<int64_t>(*query.verdict);
  }
  bounds.limit = std::clamp<size_t>(query.limit, 1, kPageMax);
  return bounds;
}

// The inner query is answered by the index alone, filters included; only the rows of the page are
// looked up.
constexpr const char* kNumbers =
    "SELECT results.* FROM "
    "(SELECT slot, monitor, location, epoch, attempt FROM results WHERE monitor = ?1 AND slot >= "
    "?2 AND slot < ?3 "
    "AND (slot, location, epoch, attempt) < (?4, ?5, ?6, ?7) AND (?8 IS NULL OR verdict = ?8) "
    "AND (?9 = 0 OR final = 1) AND (?11 IS NULL OR location = ?11) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT ?10) AS page "
    "CROSS JOIN results USING (slot, monitor, location, epoch, attempt)";
// The same of one error, whose index holds nothing of the many without; an error stands as code +
// 256 x phase.
constexpr const char* kNumbersOfError =
    "SELECT results.* FROM "
    "(SELECT slot, monitor, location, epoch, attempt FROM results INDEXED BY results_with_error "
    "WHERE monitor = ?1 AND slot >= ?2 AND slot < ?3 AND error IS NOT NULL AND error % 256 = ?12 "
    "AND (slot, location, epoch, attempt) < (?4, ?5, ?6, ?7) AND (?8 IS NULL OR verdict = ?8) "
    "AND (?9 = 0 OR final = 1) AND (?11 IS NULL OR location = ?11) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT ?10) AS page "
    "CROSS JOIN results USING (slot, monitor, location, epoch, attempt)";
constexpr const char* kFailures =
    "SELECT number, slot, location, epoch, attempt FROM failures WHERE monitor = ?1 AND slot >= ?2 "
    "AND slot < ?3 "
    "AND (slot, location, epoch, attempt) < (?4, ?5, ?6, ?7) AND (?8 IS NULL OR verdict = ?8) "
    "AND (?9 = 0 OR final = 1) AND (?11 IS NULL OR location = ?11) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT ?10";
// Rows of before version 3 have their error in the text alone.
constexpr const char* kFailuresOfError =
    "SELECT number, slot, location, epoch, attempt FROM failures INDEXED BY failures_by_error "
    "WHERE monitor = ?1 AND slot >= ?2 AND slot < ?3 AND (error = ?12 OR (error IS NULL AND "
    "json_extract(details, '$.evaluation.error.code') = ?13)) "
    "AND (slot, location, epoch, attempt) < (?4, ?5, ?6, ?7) AND (?8 IS NULL OR verdict = ?8) "
    "AND (?9 = 0 OR final = 1) AND (?11 IS NULL OR location = ?11) "
    "ORDER BY slot DESC, location DESC, epoch DESC, attempt DESC LIMIT ?10";

Rows select(Database& database, const char* sql, const ResultQuery& query) {
  const Bounds bounds = bounds_of(query);
  return database.query(
      sql, {query.monitor.value, bounds.from, bounds.to, bounds.slot, bounds.location, bounds.epoch,
            bounds.attempt, bounds.verdict, query.finals_only, bounds.limit, query.location});
}
Rows select_numbers(Database& database, const ResultQuery& query, ErrorCode error) {
  const Bounds bounds = bounds_of(query);
  return database.query(kNumbersOfError,
                        {query.monitor.value, bounds.from, bounds.to, bounds.slot, bounds.location,
                         bounds.epoch, bounds.attempt, bounds.verdict, query.finals_only,
                         bounds.limit, query.location, static_cast<int64_t>(error)});
}
Rows select_failures(Database& database, const ResultQuery& query, ErrorCode error) {
  const Bounds bounds = bounds_of(query);
  return database.query(
      kFailuresOfError,
      {query.monitor.value, bounds.from, bounds.to, bounds.slot, bounds.location, bounds.epoch,
       bounds.attempt, bounds.verdict, query.finals_only, bounds.limit, query.location,
       static_cast<int64_t>(error), error_name(error)});
}

// A row of the page before its details are read.
struct Found {
  std::optional<StoredResult> numbers;
  std::optional<int64_t> failure;  // number of the row in `failures`
};
using Page = std::map<Place, Found, std::greater<>>;

Result<void> take_numbers(Rows rows, Page& page) {
  while (true) {
    const Result<bool> found = rows.next();
    if (!found) {
      return std::unexpected(found.error());
    }
    if (!*found) {
      return {};
    }
    Result<StoredResult> result = read_result_row(rows);
    if (!result) {
      return std::unexpected(result.error());
    }
    const Place place = place_of(result->attempt.result.id);
    page[place].numbers = std::move(*result);
  }
}

Result<void> take_failures(Rows rows, Page& page) {
  while (true) {
    const Result<bool> found = rows.next();
    if (!found) {
      return std::unexpected(found.error());
    }
    if (!*found) {
      return {};
    }
    const Place place{rows.time(1), static_cast<uint16_t>(rows.integer(2)),
                      static_cast<uint32_t>(rows.integer(3)),
                      static_cast<uint8_t>(rows.integer(4))};
    page[place].failure = rows.integer(0);
  }
}

Result<void> find_numbers(Database& database, const ResultQuery& query, Page& page) {
  return query.error ? take_numbers(select_numbers(database, query, *query.error), page)
                     : take_numbers(select(database, kNumbers, query), page);
}

Result<void> find_failures(Database& database, const ResultQuery& query, Page& page) {
  return query.error ? take_failures(select_failures(database, query, *query.error), page)
                     : take_failures(select(database, kFailures, query), page);
}

StoredResult stored_of(const PlainPass& pass) { return {.attempt = attempt_of(pass)}; }

Result<void> find_plain(Database& database, const ResultQuery& query, Page& page) {
  if (query.error || query.verdict.value_or(Verdict::passed) != Verdict::passed) {
    return {};
  }
  const Bounds bounds = bounds_of(query);
  const Result<std::vector<PlainPass>> passes =
      newest_passes(database, {.monitor = query.monitor,
                               .span = {.from = bounds.from, .to = bounds.to},
                               .before = query.after,
                               .after = {},
                               .location = query.location,
                               .clock_epoch = {},
                               .limit = bounds.limit});
  if (!passes) {
    return std::unexpected(passes.error());
  }
  for (const PlainPass& pass : *passes) {
    page[place_of(pass)].numbers = stored_of(pass);
  }
  return {};
}

// Reads one row of `failures`; the size of its text is added to `bytes`.
Result<StoredResult> read_details(Database& database, int64_t number, bool with_evidence,
                                  size_t& bytes) {
  Rows rows = database.query("SELECT details, final FROM failures WHERE number = ?", {number});
  const Result<bool> found = rows.next();
  if (!found) {
    return std::unexpected(found.error());
  }
  if (!*found) {
    return fail(ErrorKind::corrupt, "stored attempt: its index names a row that is not there");
  }
  bytes += rows.text(0).size();
  Result<Attempt> attempt = attempt_from_json(rows.text(0));
  if (!attempt) {
    return std::unexpected(attempt.error());
  }
  StoredResult result{
      .attempt = std::move(*attempt), .final_attempt = rows.integer(1) != 0, .has_details = true};
  if (with_evidence) {
    Result<std::optional<Evidence>> evidence = evidence_of_details(rows.text(0));
    if (!evidence) {
      return std::unexpected(evidence.error());
    }
    result.evidence = std::move(*evidence);
  }
  return result;
}

void leave_out_bytes(ProbeResult& result) {
  result.sent.clear();
  result.received.clear();
  result.transcript.clear();
}

Result<std::vector<StoredResult>> read_page(Database& database, Page page, size_t limit) {
  std::vector<StoredResult> results;
  size_t detail_bytes = 0;
  for (auto& [place, found] : page) {
    if (results.size() == limit) {
      break;
    }
    if (!found.failure) {
      results.push_back(std::move(*found.numbers));
      continue;
    }
    const bool is_full = detail_bytes >= kPageDetailBytesMax;
    Result<StoredResult> result = read_details(database, *found.failure, false, detail_bytes);
    if (!result) {
      return std::unexpected(result.error());
    }
    if (is_full) {
      leave_out_bytes(result->attempt.result);
    }
    results.push_back(std::move(*result));
  }
  return results;
}

}  // namespace

Result<std::vector<StoredResult>> list_results(Database& database, const ResultQuery& query) {
  sqlite::Transaction snapshot(database);
  if (Result<void> begun = snapshot.begin_reading(); !begun) {
    return std::unexpected(begun.error());
  }
  Page page;
  if (Result<void> found = find_numbers(database, query, page); !found) {
    return std::unexpected(found.error());
  }
  if (Result<void> found = find_failures(database, query, page); !found) {
    return std::unexpected(found.error());
  }
  if (Result<void> found = find_plain(database, query, page); !found) {
    return std::unexpected(found.error());
  }
  return read_page(database, std::move(page), bounds_of(query).limit);
}

Result<std::optional<StoredResult>> find_result(Database& database, const ResultId& id) {
  sqlite::Transaction snapshot(database);
  if (Result<void> begun = snapshot.begin_reading(); !begun) {
    return std::unexpected(begun.error());
  }
  const auto failure = database.number(
      "SELECT number FROM failures WHERE monitor = ? AND slot = ? AND location = ? AND epoch = ? "
      "AND attempt = ?",
      {id.monitor.value, id.slot, id.location, id.clock_epoch, id.attempt});
  if (!failure) {
    return std::unexpected(failure.error());
  }
  if (*failure) {
    size_t bytes = 0;
    Result<StoredResult> result = read_details(database, **failure, true, bytes);
    return result ? Result<std::optional<StoredResult>>(std::move(*result))
                  : std::unexpected(result.error());
  }
  Rows rows = database.query(
      "SELECT * FROM results WHERE slot = ? AND monitor = ? AND location = ? AND epoch = ? AND "
      "attempt = ?",
      {id.slot, id.monitor.value, id.location, id.clock_epoch, id.attempt});
  const Result<bool> found = rows.next();
  if (!found) {
    return std::unexpected(found.error());
  }
  if (!*found) {
    const Result<std::optional<PlainPass>> pass = find_pass(database, id);
    if (!pass) {
      return std::unexpected(pass.error());
    }
    return *pass ? std::optional(stored_of(**pass)) : std::nullopt;
  }
  Result<StoredResult> result = read_result_row(rows);
  return result ? Result<std::optional<StoredResult>>(std::move(*result))
                : std::unexpected(result.error());
}

}  // namespace tocsin
