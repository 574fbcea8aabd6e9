#include "store/result_rows.h"

#include <fmt/format.h>

#include <limits>

#include "store/compact_pass.h"
#include "store/json.h"

namespace tocsin {
namespace {

// Bits of the column `flags`. Do not change the values: they are on disk.
enum Flag : unsigned {
  dns_cached = 1,
  stale_dns = 2,
  received_truncated = 4,
  peer_closed = 8,
  reset_after_verdict = 16,
};
constexpr int64_t kFlagBits = 32;  // above them stands the PassForm

unsigned flags_of(const ProbeResult& result) {
  return (result.dns_cached ? Flag::dns_cached : 0U) | (result.stale_dns ? Flag::stale_dns : 0U) |
         (result.received_truncated ? Flag::received_truncated : 0U) |
         (result.peer_closed ? Flag::peer_closed : 0U) |
         (result.reset_after_verdict ? Flag::reset_after_verdict : 0U);
}

void set_flags(ProbeResult& result, int64_t stored) {
  const auto flags = static_cast<unsigned>(stored);
  result.dns_cached = (flags & Flag::dns_cached) != 0;
  result.stale_dns = (flags & Flag::stale_dns) != 0;
  result.received_truncated = (flags & Flag::received_truncated) != 0;
  result.peer_closed = (flags & Flag::peer_closed) != 0;
  result.reset_after_verdict = (flags & Flag::reset_after_verdict) != 0;
}

// The sentence of an attempt as it stands in its row. What is stored in full says it there.
struct RowSentence {
  PassForm form = PassForm::other;
  std::optional<std::string_view> text;
};

RowSentence row_sentence(const StoredAttempt& stored) {
  const std::string_view sentence = stored.attempt.evaluation.reason;
  if (sentence.empty() || keeps_details(stored)) {
    return {};
  }
  const PassForm form = form_of_pass(sentence, stored.attempt.result.response_time);
  return {.form = form, .text = form == PassForm::other ? std::optional(sentence) : std::nullopt};
}

constexpr int64_t kPhaseFactor = 256;  // an error stands as code + 256 x phase
constexpr int64_t kPhases = 4;

std::optional<int64_t> error_number(const std::optional<ProbeError>& error) {
  if (!error) {
    return std::nullopt;
  }
  return static_cast<int64_t>(error->code) + (kPhaseFactor * static_cast<int64_t>(error->phase));
}

// Counters are unsigned in the model and signed in SQLite.
int64_t as_signed(uint64_t value) {
  return static_cast<int64_t>(
      std::min(value, static_cast<uint64_t>(std::numeric_limits<int64_t>::max())));
}

// Reads the columns of one row from left to right, in the order of the table, and remembers what
// made no sense.
class RowReader {
 public:
  explicit RowReader(const sqlite::Rows& rows) : rows_(rows) {}

  int64_t integer() { return rows_.integer(column_++); }
  Duration duration() { return rows_.duration(column_++); }
  SystemTime time() { return rows_.time(column_++); }
  std::optional<Duration> optional_duration() {
    const int column = column_++;
    return rows_.is_null(column) ? std::nullopt : std::optional(rows_.duration(column));
  }
  template <class T>
  T number() {
    const int64_t value = integer();
    well_formed_ = well_formed_ && std::in_range<T>(value);
    return static_cast<T>(value);
  }
  Verdict verdict() {
    const std::optional<Verdict> found = verdict_of_column(integer());
    well_formed_ = well_formed_ && found.has_value();
    return found.value_or(Verdict::unknown);
  }
  std::optional<ProbeError> error() {
    const int column = column_++;
    if (rows_.is_null(column)) {
      return std::nullopt;
    }
    std::optional<ProbeError> found = error_of_column(rows_.integer(column));
    well_formed_ = well_formed_ && found.has_value();
    return found;
  }
  std::optional<SocketAddress> address() {
    const int column = column_++;
    if (rows_.is_null(column)) {
      return std::nullopt;
    }
    std::optional<SocketAddress> found = unpack_address(rows_.text(column));
    well_formed_ = well_formed_ && found.has_value();
    return found;
  }
  // Empty for NULL.
  std::string text() { return std::string(rows_.text(column_++)); }
  // Of the column `flags`.
  PassForm flags(ProbeResult& result) {
    const int64_t stored = integer();
    set_flags(result, stored % kFlagBits);
    const int64_t form = stored / kFlagBits;
    well_formed_ = well_formed_ && form >= 0 && form <= static_cast<int64_t>(PassForm::answered);
    return static_cast<PassForm>(form);
  }
  [[nodiscard]] bool well_formed() const { return well_formed_; }

 private:
  const sqlite::Rows& rows_;
  int column_ = 0;
  bool well_formed_ = true;
};

// Column `error` of failures.
int64_t code_of(const std::optional<ProbeError>& error) {
  return error ? static_cast<int64_t>(error->code) : 0;
}

Result<void> insert_details(sqlite::Database& database, const StoredAttempt& stored) {
  const ResultId& id = stored.attempt.result.id;
  return database.run(
      "INSERT OR IGNORE INTO failures (slot, monitor, location, epoch, attempt, verdict, final, "
      "details, error) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id.slot, id.monitor.value, id.location, id.clock_epoch, id.attempt,
       static_cast<int64_t>(stored.attempt.evaluation.verdict), stored.final_attempt,
       to_json(stored.attempt), code_of(stored.attempt.evaluation.error)});
}

}  // namespace

std::optional<ProbeError> error_of_column(int64_t number) {
  const std::optional<ErrorCode> code = error_from_number(number % kPhaseFactor);
  const int64_t phase = number / kPhaseFactor;
  if (!code || phase < 0 || phase >= kPhases) {
    return std::nullopt;
  }
  return ProbeError{.code = *code, .phase = static_cast<Phase>(phase), .detail = {}};
}

std::optional<Verdict> verdict_of_column(int64_t number) {
  const bool known = number >= static_cast<int64_t>(Verdict::passed) &&
                     number <= static_cast<int64_t>(Verdict::unknown);
  return known ? std::optional(static_cast<Verdict>(number)) : std::nullopt;
}

bool keeps_details(const StoredAttempt& attempt) {
  return attempt.keep_details || attempt.attempt.evaluation.verdict != Verdict::passed;
}

Result<bool> insert_result(sqlite::Database& database, const StoredAttempt& stored) {
  const ProbeResult& result = stored.attempt.result;
  const Evaluation& evaluation = stored.attempt.evaluation;
  const ResultId& id = result.id;
  // The real start lies where the delay says, but for a clock that was set meanwhile: the
  // difference is a byte at most.
  const RowSentence sentence = row_sentence(stored);
  const std::optional<std::string> remote = pack_address(result.remote);
  const Duration drift = result.started - id.slot - result.scheduling_delay;
  const Result<void> done = database.run(
      "INSERT OR IGNORE INTO results (slot, monitor, location, epoch, attempt, verdict, final, "
      "error, probe_error, "
      "response, dns, connect, tls, data, delay, started, kernel_rtt, syn_retransmits, loop_lag, "
      "bytes_sent, "
      "bytes_received, flags, remote, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id.slot,
       id.monitor.value,
       id.location,
       id.clock_epoch,
       id.attempt,
       static_cast<int64_t>(evaluation.verdict),
       stored.final_attempt,
       error_number(evaluation.error),
       error_number(result.error),
       result.response_time,
       result.phases.dns,
       result.phases.connect,
       result.phases.tls,
       result.phases.data,
       result.scheduling_delay,
       drift,
       result.kernel_rtt,
       result.syn_retransmits,
       result.loop_lag,
       as_signed(result.bytes_sent),
       as_signed(result.bytes_received),
       flags_of(result) + (kFlagBits * static_cast<int64_t>(sentence.form)),
       remote ? std::optional(sqlite::Blob{*remote}) : std::nullopt,
       sentence.text});
  if (!done) {
    return std::unexpected(done.error());
  }
  if (database.changes() == 0) {
    return false;
  }
  if (keeps_details(stored)) {
    if (Result<void> kept = insert_details(database, stored); !kept) {
      return std::unexpected(kept.error());
    }
  }
  return true;
}

Result<void> write_evidence(sqlite::Database& database, const StoredEvidence& row) {
  return database.run(
      "UPDATE failures SET details = json_set(details, '$.evidence', json(?)) WHERE monitor = ? "
      "AND slot = ? AND location = ? AND epoch = ? AND attempt = ?",
      {to_json(row.evidence), row.of.monitor.value, row.of.slot, row.of.location,
       row.of.clock_epoch, row.of.attempt});
}

Result<StoredResult> read_result_row(const sqlite::Rows& rows) {
  RowReader row(rows);
  StoredResult stored;
  ProbeResult& result = stored.attempt.result;
  result.id.slot = row.time();
  result.id.monitor.value = row.integer();
  result.id.location = row.number<uint16_t>();
  result.id.clock_epoch = row.number<uint32_t>();
  result.id.attempt = row.number<uint8_t>();
  stored.attempt.evaluation.verdict = row.verdict();
  stored.final_attempt = row.integer() != 0;
  stored.attempt.evaluation.error = row.error();
  result.error = row.error();
  result.response_time = row.duration();
  result.phases.dns = row.optional_duration();
  result.phases.connect = row.optional_duration();
  result.phases.tls = row.optional_duration();
  result.phases.data = row.optional_duration();
  result.scheduling_delay = row.duration();
  result.started = result.id.slot + result.scheduling_delay + row.duration();
  result.kernel_rtt = row.optional_duration();
  result.syn_retransmits = row.number<uint32_t>();
  result.loop_lag = row.duration();
  result.bytes_sent = row.number<uint64_t>();
  result.bytes_received = row.number<uint64_t>();
  const PassForm form = row.flags(result);
  result.remote = row.address();
  stored.attempt.evaluation.reason = row.text();
  if (form != PassForm::other) {
    stored.attempt.evaluation.reason = pass_sentence(form, result.response_time);
  }
  if (!row.well_formed()) {
    return fail(ErrorKind::corrupt, fmt::format("stored result {}: a number is out of its range",
                                                result_id_text(result.id)));
  }
  return stored;
}

}  // namespace tocsin
