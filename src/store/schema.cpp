#include "store/schema.h"

namespace tocsin {
namespace {

// Results are keyed by time first: a writer appends at one end of the tree, which is nine times as
// fast as a key that begins with the monitor. The index serves "the newest of this monitor"; it
// holds what a list filters by, so that a long run of passes is skipped without looking at the
// rows. Times are microseconds; `slot` since 1970, the others are durations.
constexpr const char* kStep1 = R"sql(
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE monitors (
  uid INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  id TEXT NOT NULL,
  retired INTEGER NOT NULL,
  definition TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX monitors_by_name ON monitors (project, id);

CREATE TABLE states (
  monitor INTEGER PRIMARY KEY,
  state TEXT NOT NULL
) STRICT;

CREATE TABLE results (
  slot INTEGER NOT NULL,
  monitor INTEGER NOT NULL,
  location INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  final INTEGER NOT NULL,
  error INTEGER,
  probe_error INTEGER,
  response INTEGER NOT NULL,
  dns INTEGER,
  connect INTEGER,
  tls INTEGER,
  data INTEGER,
  delay INTEGER NOT NULL,
  started INTEGER NOT NULL,
  kernel_rtt INTEGER,
  syn_retransmits INTEGER NOT NULL,
  loop_lag INTEGER NOT NULL,
  bytes_sent INTEGER NOT NULL,
  bytes_received INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  PRIMARY KEY (slot, monitor, location, epoch, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_of_monitor
  ON results (monitor, slot, location, epoch, attempt, verdict, final);

CREATE TABLE failures (
  number INTEGER PRIMARY KEY,
  slot INTEGER NOT NULL,
  monitor INTEGER NOT NULL,
  location INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  final INTEGER NOT NULL,
  details TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX failures_of_monitor
  ON failures (monitor, slot, location, epoch, attempt);
CREATE INDEX failures_by_slot ON failures (slot);

CREATE TABLE hours (
  hour INTEGER NOT NULL,
  monitor INTEGER NOT NULL,
  location INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  degraded INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  response_sum INTEGER NOT NULL,
  response_min INTEGER NOT NULL,
  response_max INTEGER NOT NULL,
  histogram BLOB NOT NULL,
  PRIMARY KEY (hour, monitor, location)
) STRICT, WITHOUT ROWID;
CREATE INDEX hours_of_monitor ON hours (monitor, hour, location);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  monitor INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  closed INTEGER,
  incident TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_of_monitor ON incidents (monitor, id);
CREATE INDEX incidents_open ON incidents (id) WHERE closed IS NULL;

CREATE TABLE deliveries (
  key TEXT PRIMARY KEY,
  incident TEXT NOT NULL,
  number INTEGER NOT NULL,
  channel TEXT NOT NULL,
  state INTEGER NOT NULL,
  created INTEGER NOT NULL,
  delivery TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_of_incident ON deliveries (incident, number, channel);
CREATE INDEX deliveries_by_state ON deliveries (state, created);

CREATE TABLE delivery_attempts (
  key TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  took INTEGER NOT NULL,
  ok INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (key, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  created INTEGER NOT NULL,
  revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA application_id = 0x544F4353;
)sql";

// A pass keeps what it reached and what it says, see compact_pass.h.
constexpr const char* kStep2 = R"sql(
ALTER TABLE results ADD COLUMN remote BLOB;
ALTER TABLE results ADD COLUMN reason TEXT;
)sql";

// Who signs in, and where they are signed in.
constexpr const char* kStep3 = R"sql(
CREATE TABLE users (
  name TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  created INTEGER NOT NULL,
  password_changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  user TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Times of the phases, so that their means are exact; hours that stand already count none. The
// indexes serve what people ask of the history: results of one error (nearly all results have none,
// so its index is small), and what was told, newest first. `error` of `failures` is null in rows of
// before, whose text has it, and 0 where there is none.
constexpr const char* kStep4 = R"sql(
ALTER TABLE hours ADD COLUMN dns_sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hours ADD COLUMN dns_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hours ADD COLUMN connect_sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hours ADD COLUMN connect_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hours ADD COLUMN tls_sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hours ADD COLUMN tls_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hours ADD COLUMN data_sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hours ADD COLUMN data_count INTEGER NOT NULL DEFAULT 0;

ALTER TABLE failures ADD COLUMN error INTEGER;
CREATE INDEX failures_by_error
  ON failures (monitor, error, slot, location, epoch, attempt, verdict, final);
CREATE INDEX results_with_error
  ON results (monitor, slot, location, epoch, attempt, verdict, final, error)
  WHERE error IS NOT NULL;

CREATE INDEX deliveries_by_time ON deliveries (created, key, channel, state);
)sql";

// Channels made over the API; `secrets` is sealed (secret_box.h), empty when there are none.
constexpr const char* kStep5 = R"sql(
CREATE TABLE channels (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL,
  secrets BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Passes of which only numbers are kept, many in one row (segment.h). `number` only grows; `level`
// says how often they were put together; `first` and `last` are slots, `epoch` is the highest clock
// epoch among them. The bytes stand last, so that the numbers are read without them.
constexpr const char* kStep6 = R"sql(
CREATE TABLE segments (
  number INTEGER PRIMARY KEY,
  level INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  count INTEGER NOT NULL,
  passes BLOB NOT NULL
) STRICT;
CREATE INDEX segments_by_last ON segments (last, first, number);
)sql";

constexpr const char* kSteps[] = {kStep1, kStep2, kStep3, kStep4, kStep5, kStep6};
constexpr const char* kDecisions[] = {"meta",   "monitors", "states",   "incidents", "deliveries",
                                      "tokens", "users",    "sessions", "channels"};

}  // namespace

std::span<const char* const> schema_steps() { return kSteps; }
int64_t schema_version() { return static_cast<int64_t>(std::size(kSteps)); }
std::span<const char* const> tables_of_decisions() { return kDecisions; }

}  // namespace tocsin
