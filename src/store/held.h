// What the writer keeps in memory while nothing can be stored: the newest of each monitor,
// incident, delivery, token, user and session, so that it stays bounded however long the trouble
// lasts. Results are not among it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "store/store.h"

namespace tocsin {

// About 200 MiB; beyond it what is over and done with goes first.
inline constexpr size_t kHeldRowsMax = 200'000;
inline constexpr size_t kHeldAttemptsMax = 20'000;  // of deliveries, lines of a log

class HeldBatch {
 public:
  explicit HeldBatch(size_t rows_max = kHeldRowsMax, size_t attempts_max = kHeldAttemptsMax)
      : rows_max_(rows_max), attempts_max_(attempts_max) {}

  // Later values take the place of earlier ones. The results and channels in `batch` are ignored.
  void add(WriteBatch batch);
  [[nodiscard]] bool empty() const { return empty_; }
  // Everything held; still held. Each monitor is a batch of its own, as only a monitor can be
  // refused (its name is taken).
  [[nodiscard]] std::vector<WriteBatch> batches() const;
  void clear();

 private:
  void prune();

  size_t rows_max_, attempts_max_;  // of each kind
  bool empty_ = true;
  std::map<MonitorUid, MonitorRow> monitors_;
  std::map<MonitorUid, MonitorState> states_;
  std::map<IncidentId, Incident> incidents_;
  std::map<std::string, Delivery> deliveries_;
  std::map<std::pair<std::string, uint32_t>, DeliveryAttempt> delivery_attempts_;
  std::map<std::string, TokenRow> tokens_;
  std::map<std::string, UserRow> users_;
  std::map<std::string, SessionRow> sessions_;
  std::optional<uint32_t> clock_epoch_;
  std::optional<SystemTime> clock_seen_;
};

}  // namespace tocsin
