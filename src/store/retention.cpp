#include "store/retention.h"

namespace tocsin {
namespace {

struct Rule {
  const char* sql;  // ?1 oldest time that stays, ?2 rows at most
  SystemTime stays;
};

constexpr const char* kResults =
    "DELETE FROM results WHERE (slot, monitor, location, epoch, attempt) IN "
    "(SELECT slot, monitor, location, epoch, attempt FROM results WHERE slot < ?1 ORDER BY slot "
    "LIMIT ?2)";
constexpr const char* kFailures =
    "DELETE FROM failures WHERE number IN "
    "(SELECT number FROM failures WHERE slot < ?1 ORDER BY slot LIMIT ?2)";
constexpr const char* kHours =
    "DELETE FROM hours WHERE (hour, monitor, location) IN "
    "(SELECT hour, monitor, location FROM hours WHERE hour < ?1 ORDER BY hour LIMIT ?2)";

Result<int64_t> apply(sqlite::Database& database, const Rule& rule, size_t rows_max) {
  if (Result<void> done = database.run(rule.sql, {rule.stays, rows_max}); !done) {
    return std::unexpected(done.error());
  }
  return database.changes();
}

}  // namespace

Result<bool> delete_old(sqlite::Database& database, const Retention& retention, SystemTime now,
                        size_t rows_max) {
  // An hour goes when its end is too old; `hour` is its beginning.
  const Rule rules[] = {{kResults, now - retention.raw},
                        {kFailures, now - retention.failures},
                        {kHours, now - retention.hourly - 1h + 1us}};
  for (const Rule& rule : rules) {
    const Result<int64_t> deleted = apply(database, rule, rows_max);
    if (!deleted) {
      return std::unexpected(deleted.error());
    }
    if (*deleted > 0) {
      return true;
    }
  }
  return false;
}

}  // namespace tocsin
