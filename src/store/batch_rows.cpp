#include "store/batch_rows.h"

#include "store/channel_rows.h"
#include "store/compact_pass.h"
#include "store/json.h"
#include "store/monitor_secrets.h"
#include "store/result_rows.h"

namespace tocsin {
namespace {

using sqlite::Database;

Result<void> write_state(Database& database, MonitorUid monitor, const MonitorState& state) {
  return database.run("INSERT OR REPLACE INTO states (monitor, state) VALUES (?, ?)",
                      {monitor.value, to_json(state)});
}

Result<void> write_monitor(Database& database, const MonitorRow& row, SecretBox& box) {
  const KnownMonitor& monitor = row.monitor;
  const Result<std::string> definition =
      sealed_definition(database, *monitor.definition, monitor.uid, box);
  if (!definition) {
    return std::unexpected(definition.error());
  }
  if (Result<void> done = database.run(
          "INSERT INTO monitors (uid, project, id, retired, definition) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (uid) DO UPDATE SET project = excluded.project, id = excluded.id, "
          "retired = excluded.retired, definition = excluded.definition",
          {monitor.uid.value, monitor.project, monitor.id, monitor.retired, *definition});
      !done) {
    return done;
  }
  return write_state(database, monitor.uid, row.state);
}

Result<void> write_incident(Database& database, const Incident& incident) {
  return database.run(
      "INSERT OR REPLACE INTO incidents (id, monitor, opened, closed, incident) VALUES (?, ?, ?, "
      "?, ?)",
      {incident.id.value, incident.monitor.value, incident.opened, incident.closed,
       to_json(incident)});
}

Result<void> write_delivery(Database& database, const Delivery& delivery) {
  return database.run(
      "INSERT OR REPLACE INTO deliveries (key, incident, number, channel, state, created, "
      "delivery) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      {delivery.key, delivery.event.incident.value, delivery.event.number, delivery.channel,
       static_cast<int64_t>(delivery.state), delivery.created, to_json(delivery)});
}

Result<void> write_delivery_attempt(Database& database, const DeliveryAttempt& attempt) {
  return database.run(
      "INSERT OR REPLACE INTO delivery_attempts (key, number, at, took, ok, result) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      {attempt.key, attempt.number, attempt.at, attempt.took, attempt.ok, attempt.result});
}

Result<void> write_token(Database& database, const TokenRow& token) {
  return database.run(
      "INSERT OR REPLACE INTO tokens (id, hash, scope, name, created, revoked) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      {token.id, token.hash, token.scope, token.name, token.created, token.revoked});
}

Result<void> write_user(Database& database, const UserRow& user) {
  return database.run(
      "INSERT OR REPLACE INTO users (name, password_hash, created, password_changed) "
      "VALUES (?, ?, ?, ?)",
      {user.name, user.password_hash, user.created, user.password_changed});
}

Result<void> write_session(Database& database, const SessionRow& session) {
  if (session.ended) {
    return database.run("DELETE FROM sessions WHERE hash = ?", {session.hash});
  }
  return database.run(
      "INSERT OR REPLACE INTO sessions (hash, user, created, last_used) VALUES (?, ?, ?, ?)",
      {session.hash, session.user, session.created, session.last_used});
}

Result<void> write_clock(Database& database, const WriteBatch& batch) {
  constexpr const char* kSet = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)";
  if (batch.clock_epoch) {
    if (Result<void> done = database.run(kSet, {"clock_epoch", *batch.clock_epoch}); !done) {
      return done;
    }
  }
  return batch.clock_seen ? database.run(kSet, {"clock_seen", *batch.clock_seen}) : Result<void>();
}

// Stops at the first row that fails.
template <class Row, class Write>
Result<void> write_each(const std::vector<Row>& rows, Write write) {
  for (const Row& row : rows) {
    if (Result<void> done = write(row); !done) {
      return done;
    }
  }
  return {};
}

Result<void> write_accounts(Database& database, const WriteBatch& batch) {
  Result<void> done =
      write_each(batch.tokens, [&](const TokenRow& row) { return write_token(database, row); });
  if (done) {
    done = write_each(batch.users, [&](const UserRow& row) { return write_user(database, row); });
  }
  if (done) {
    done = write_each(batch.sessions,
                      [&](const SessionRow& row) { return write_session(database, row); });
  }
  return done;
}

Result<void> write_decisions(Database& database, const WriteBatch& batch, SecretBox& box) {
  Result<void> done = write_each(
      batch.monitors, [&](const MonitorRow& row) { return write_monitor(database, row, box); });
  if (done) {
    done = write_each(batch.states, [&](const StoredState& row) {
      return write_state(database, row.monitor, row.state);
    });
  }
  if (done) {
    done = write_each(batch.incidents,
                      [&](const Incident& row) { return write_incident(database, row); });
  }
  if (done) {
    done = write_each(batch.deliveries,
                      [&](const Delivery& row) { return write_delivery(database, row); });
  }
  if (done) {
    done = write_each(batch.delivery_attempts, [&](const DeliveryAttempt& row) {
      return write_delivery_attempt(database, row);
    });
  }
  if (done) {
    done = write_accounts(database, batch);
  }
  if (done) {
    done = write_each(batch.channels,
                      [&](const ChannelRow& row) { return write_channel(database, row, box); });
  }
  return done ? write_clock(database, batch) : done;
}

// False when it is stored already, in whatever form.
Result<bool> write_attempt(Database& database, const StoredAttempt& attempt,
                           const ResultSinks& sinks) {
  if (const std::optional<PlainPass> pass = plain_pass_of(attempt)) {
    return sinks.passes.add(database, *pass);
  }
  const Result<bool> is_plain = sinks.passes.holds(database, attempt.attempt.result.id);
  if (!is_plain || *is_plain) {
    return is_plain ? Result<bool>(false) : is_plain;
  }
  Result<bool> is_new = insert_result(database, attempt);
  if (is_new && *is_new) {
    sinks.rollup.add(attempt);
  }
  return is_new;
}

}  // namespace

Result<uint64_t> write_rows(Database& database, const WriteBatch& batch, const ResultSinks& sinks,
                            SecretBox& box) {
  if (Result<void> done = write_decisions(database, batch, box); !done) {
    return std::unexpected(done.error());
  }
  uint64_t inserted = 0;
  for (const StoredAttempt& attempt : batch.attempts) {
    const Result<bool> is_new = write_attempt(database, attempt, sinks);
    if (!is_new) {
      return std::unexpected(is_new.error());
    }
    inserted += *is_new ? 1 : 0;
  }
  for (const PlainPass& pass : batch.passes) {
    const Result<bool> is_new = sinks.passes.add(database, pass);
    if (!is_new) {
      return std::unexpected(is_new.error());
    }
    inserted += *is_new ? 1 : 0;
  }
  // Behind the attempts: its own may be in this batch.
  if (Result<void> done = write_each(
          batch.evidence, [&](const StoredEvidence& row) { return write_evidence(database, row); });
      !done) {
    return std::unexpected(done.error());
  }
  return inserted;
}

}  // namespace tocsin
