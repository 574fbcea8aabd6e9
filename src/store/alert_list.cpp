#include "store/alert_list.h"

#include <algorithm>

#include "base/limits.h"
#include "store/json.h"
#include "store/stored_text.h"

namespace tocsin {
namespace {

constexpr const char* kAfterAllKeys = "\xF4\x8F\xBF\xBF";  // U+10FFFF: no key comes behind it

// Filters are answered by the index; only the rows of the page are looked up.
constexpr const char* kNewest =
    "SELECT delivery FROM (SELECT key FROM deliveries INDEXED BY deliveries_by_time "
    "WHERE created <= ?1 AND (created, key) < (?1, ?2) AND (?3 IS NULL OR channel = ?3) "
    "AND (?4 IS NULL OR state = ?4) ORDER BY created DESC, key DESC LIMIT ?5) AS page "
    "CROSS JOIN deliveries USING (key)";
// The alerts of one monitor are those of its incidents.
constexpr const char* kNewestOfMonitor =
    "SELECT delivery FROM incidents CROSS JOIN deliveries ON deliveries.incident = incidents.id "
    "WHERE incidents.monitor = ?6 AND (created, key) < (?1, ?2) AND (?3 IS NULL OR channel = ?3) "
    "AND (?4 IS NULL OR state = ?4) ORDER BY created DESC, key DESC LIMIT ?5";

}  // namespace

Result<std::vector<Delivery>> list_alerts(sqlite::Database& database, const AlertQuery& query) {
  const SystemTime created = query.after ? query.after->created : SystemTime::max();
  const std::string key = query.after ? query.after->key : kAfterAllKeys;
  const auto state = query.state ? std::optional(static_cast<int64_t>(*query.state)) : std::nullopt;
  const size_t limit = std::clamp<size_t>(query.limit, 1, kPageMax);
  if (query.monitor) {
    return read_rows<Delivery>(database.query(kNewestOfMonitor, {created, key, query.channel, state,
                                                                 limit, query.monitor->value}),
                               from_text(delivery_from_json));
  }
  return read_rows<Delivery>(database.query(kNewest, {created, key, query.channel, state, limit}),
                             from_text(delivery_from_json));
}

Result<std::optional<Delivery>> find_alert(sqlite::Database& database, const std::string& key) {
  return first_of(
      read_rows<Delivery>(database.query("SELECT delivery FROM deliveries WHERE key = ?", {key}),
                          from_text(delivery_from_json)));
}

}  // namespace tocsin
