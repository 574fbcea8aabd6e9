// SqliteReader: queries on a connection of its own that cannot write. Every answer is bounded,
// lists are newest first and read from one snapshot of the store.
//
// Results and failures are kept for different times (retention.h), so a list is made of three:
// numbers from `results`, plain passes from the segments (pass_search.h), and what is kept in full,
// which may have outlived its numbers, from `failures`.
#pragma once

#include <optional>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// Details of one list; beyond it bytes and transcripts are left to result().
inline constexpr size_t kPageDetailBytesMax = 8'388'608;

class SqliteReader final : public StoreReader {
 public:
  explicit SqliteReader(sqlite::Database database) : database_(std::move(database)) {}

  Result<std::vector<StoredResult>> results(const ResultQuery& query) override;
  Result<std::optional<StoredResult>> result(const ResultId& id) override;
  Result<std::vector<Incident>> incidents(const IncidentQuery& query) override;
  Result<std::optional<Incident>> incident(const IncidentId& id) override;
  Result<std::vector<Delivery>> deliveries(const IncidentId& incident) override;
  Result<std::vector<DeliveryAttempt>> delivery_attempts(const std::string& key) override;
  Result<std::vector<HourTally>> hours(MonitorUid monitor, SystemTime from, SystemTime to) override;
  Result<std::vector<std::vector<Beat>>> beats(std::span<const MonitorUid> monitors,
                                               size_t count) override;
  Result<std::vector<ResultSample>> samples(MonitorUid monitor, SystemTime from, SystemTime to,
                                            size_t limit) override;
  Result<Neighbours> neighbours(const ResultId& id) override;
  Result<std::vector<IncidentSpan>> incident_spans(MonitorUid monitor, SystemTime from,
                                                   SystemTime to) override;
  Result<std::vector<Delivery>> alerts(const AlertQuery& query) override;
  Result<std::optional<Delivery>> alert(const std::string& key) override;
  Result<std::vector<TokenRow>> tokens() override;
  Result<std::vector<UserRow>> users() override;
  Result<std::vector<SessionRow>> sessions() override;

 private:
  sqlite::Database database_;
};

}  // namespace tocsin
