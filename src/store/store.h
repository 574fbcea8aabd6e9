// Store: what is kept. Writing goes through one writer; reading through connections of its own,
// from any thread. One interface, one test suite (store_suite.h) for every implementation.
//
// Durable means: after on_durable(ok) the batch survives kill -9 and power loss, whole. A batch is
// one transaction: all of it or nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/monitor_brief.h"
#include "core/plan.h"
#include "core/stats.h"
#include "model/channel.h"
#include "model/definition_cell.h"
#include "model/delivery.h"
#include "model/evidence.h"
#include "model/plain_pass.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {

// One attempt as kept. `details` (bytes, transcript, assertions, tls) are stored in full for
// whatever did not pass and for the first good result after that; for other passes only the
// numbers, the remote address and the reason.
struct StoredAttempt {
  Attempt attempt;
  bool final_attempt = true;
  bool keep_details = false;
};

// What was found out about an attempt that is kept in full; it comes later than the attempt. Of one
// that is not kept it changes nothing.
struct StoredEvidence {
  ResultId of;
  Evidence evidence;
};

struct StoredState {
  MonitorUid monitor;
  MonitorState state;
};

struct MonitorRow {
  KnownMonitor monitor;  // definition included (as JSON)
  MonitorState state;
};

struct TokenRow {
  std::string id;     // public part
  std::string hash;   // hex SHA-256 of the whole token
  std::string scope;  // "read", "write", "admin"
  std::string name;
  SystemTime created{};
  bool revoked = false;
};

// Somebody who signs in with a password. Never removed.
struct UserRow {
  std::string name;
  std::string password_hash;  // of argon2id, with its parameters and salt
  SystemTime created{};
  SystemTime password_changed{};
};

// One sign-in of a user, on one device.
struct SessionRow {
  std::string hash;  // hex SHA-256 of the id in the cookie
  std::string user;
  SystemTime created{};
  SystemTime last_used{};  // as of the last time it was worth a write
  bool ended = false;      // writing such a row removes it; none is ever read
};

// A channel made over the API. Its secrets are stored sealed (secret_box.h).
struct ChannelRow {
  Channel channel;
  // Grows by one with each change, so that a change of secrets alone can be seen.
  uint32_t version = 1;
  bool removed = false;       // in a batch: the row goes away
  bool secrets_lost = false;  // as loaded: they were given up and must be entered again
};

// Everything one turn of the loop wants kept, in one transaction.
struct WriteBatch {
  std::vector<MonitorRow> monitors;  // inserted or replaced (a reload)
  std::vector<StoredAttempt> attempts;
  std::vector<StoredEvidence> evidence;  // goes with the attempts when there is no space
  std::vector<PlainPass> passes;         // attempts, final ones, in a form of their own
  std::vector<StoredState> states;
  std::vector<Incident> incidents;   // inserted or replaced
  std::vector<Delivery> deliveries;  // inserted or replaced by key
  std::vector<DeliveryAttempt> delivery_attempts;
  std::vector<TokenRow> tokens;      // inserted or replaced by id; a revoked one stays
  std::vector<UserRow> users;        // inserted or replaced by name
  std::vector<SessionRow> sessions;  // inserted, replaced or, when ended, removed
  // A change that could not be kept is never made up for later: whoever asked was told so.
  std::vector<ChannelRow> channels;
  std::optional<uint32_t> clock_epoch;
  std::optional<SystemTime>
      clock_seen;       // newest wall time seen, to find a clock that jumped back while we were off
  bool urgent = false;  // commit within kWriteGather (a transition); else within kWriteDelay

  [[nodiscard]] bool empty() const;
  [[nodiscard]] size_t rows() const;
  [[nodiscard]] size_t results() const { return attempts.size() + passes.size(); }
  // What it costs to write, in rows: many passes are as one.
  [[nodiscard]] size_t weight() const;
  void drop_results();  // and what was found out about them
};

// A monitor as a start reads it.
struct LoadedMonitor {
  MonitorUid uid;
  bool retired = false;
  DefinitionCell definition;  // never empty; `brief` is of it
  MonitorBrief brief;
  MonitorState state;
};
// Some of the monitors of a store, by uid, which it may move from; there are `all` of them.
using TakeMonitors = std::function<void(std::span<LoadedMonitor> some, size_t all)>;

// What a start reads, but for the monitors, which may be a million and go where they belong at
// once.
struct LoadedStore {
  std::vector<Incident> open_incidents;
  std::vector<Delivery> waiting_deliveries;
  std::vector<ChannelRow> channels;  // by id
  uint32_t clock_epoch = 0;
  std::optional<SystemTime> clock_seen;
};

// --- reading
inline constexpr size_t kBeatsMax = 100;  // of one monitor
inline constexpr size_t kBeatMonitorsMax = 100;
inline constexpr size_t kSamplesMax = 50'000;  // rows are looked up one by one, some µs each
inline constexpr size_t kIncidentSpansMax = 10'000;

struct ResultQuery {
  MonitorUid monitor;
  std::optional<SystemTime> from, to;  // slots, from <= slot < to
  std::optional<Verdict> verdict;
  std::optional<ErrorCode> error;
  std::optional<uint16_t> location;
  bool finals_only = true;
  size_t limit = 100;             // 1 - kPageMax
  std::optional<ResultId> after;  // newest first; continue behind this one
};
struct StoredResult {
  Attempt attempt;  // details as far as kept
  bool final_attempt = true;
  bool has_details = false;
  std::optional<Evidence> evidence;  // of result(id) only, not in lists
};
struct IncidentQuery {
  std::optional<bool> open;
  std::optional<MonitorUid> monitor;
  size_t limit = 100;
  std::optional<IncidentId> after;  // newest first
};
// One bar of a heartbeat: a final result in the fewest words.
struct Beat {
  SystemTime slot{};
  Verdict verdict = Verdict::unknown;
  Duration response_time{};
  std::optional<ErrorCode> error;
  bool operator==(const Beat&) const = default;
};
// What stands around a result among the final results of its monitor, and the newest pass before
// it.
struct Neighbours {
  std::optional<ResultId> previous, next, last_good;
};
// What was told or kept quiet, newest first.
struct AlertPlace {
  SystemTime created{};
  std::string key;
};
struct AlertQuery {
  std::optional<std::string> channel;
  std::optional<DeliveryState> state;
  std::optional<MonitorUid> monitor;
  size_t limit = 100;               // 1 - kPageMax
  std::optional<AlertPlace> after;  // continue behind this one
};

class StoreReader {
 public:
  virtual ~StoreReader() = default;
  virtual Result<std::vector<StoredResult>> results(const ResultQuery& query) = 0;
  virtual Result<std::optional<StoredResult>> result(const ResultId& id) = 0;
  virtual Result<std::vector<Incident>> incidents(const IncidentQuery& query) = 0;
  virtual Result<std::optional<Incident>> incident(const IncidentId& id) = 0;
  virtual Result<std::vector<Delivery>> deliveries(const IncidentId& incident) = 0;
  virtual Result<std::vector<DeliveryAttempt>> delivery_attempts(const std::string& key) = 0;
  // Of every location, newest first.
  virtual Result<std::vector<HourTally>> hours(MonitorUid monitor, SystemTime from,
                                               SystemTime to) = 0;
  // For each monitor its newest `count` (1 - kBeatsMax) final results, newest first; of at most
  // kBeatMonitorsMax monitors. All from one snapshot.
  virtual Result<std::vector<std::vector<Beat>>> beats(std::span<const MonitorUid> monitors,
                                                       size_t count) = 0;
  // The numbers of the newest final results with from <= slot < to, newest first, `limit`
  // (1 - kSamplesMax) at most.
  virtual Result<std::vector<ResultSample>> samples(MonitorUid monitor, SystemTime from,
                                                    SystemTime to, size_t limit) = 0;
  virtual Result<Neighbours> neighbours(const ResultId& id) = 0;
  // Those that were open at some time of from <= time < to, newest first, kIncidentSpansMax at
  // most.
  virtual Result<std::vector<IncidentSpan>> incident_spans(MonitorUid monitor, SystemTime from,
                                                           SystemTime to) = 0;
  virtual Result<std::vector<Delivery>> alerts(const AlertQuery& query) = 0;
  virtual Result<std::optional<Delivery>> alert(const std::string& key) = 0;
  virtual Result<std::vector<TokenRow>> tokens() = 0;
  virtual Result<std::vector<UserRow>> users() = 0;
  virtual Result<std::vector<SessionRow>> sessions() = 0;
};

// How the store is doing; for /readyz, metrics and the self-alert.
struct StoreHealth {
  bool reserve_used =
      false;  // the 64 MiB reserve was freed: only state, incidents and outbox are kept
  bool is_volatile = false;  // nothing can be written; every notice says `store_volatile`
  uint64_t results_written = 0, results_dropped = 0, batches = 0;
  size_t rows_waiting = 0;
  std::string last_error;
};

class Store {
 public:
  virtual ~Store() = default;
  // Once, before anything is written. Monitors go to `take` on the calling thread, retired ones
  // included, their states moved to their newest results. After an error what `take` got counts for
  // nothing.
  virtual Result<LoadedStore> load(const TakeMonitors& take) = 0;
  // Never blocks on the disk. `on_durable` comes through the mailbox given at opening, in order of
  // submission; its Error is disk_full or io when the batch is not kept (state, incidents and
  // deliveries are then held in memory by the writer and written when space returns); it is busy
  // when results alone were dropped and everything else is kept.
  virtual void submit(WriteBatch batch, std::function<void(Result<void>)> on_durable) = 0;
  // A reader of its own for the calling thread.
  virtual Result<std::unique_ptr<StoreReader>> reader() = 0;
  [[nodiscard]] virtual StoreHealth health() const = 0;
  // Everything submitted is written, then the writer ends.
  virtual void close() = 0;
};

}  // namespace tocsin
