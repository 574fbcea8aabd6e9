#include "store/keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "store/batch_rows.h"
#include "store/channel_rows.h"
#include "store/directory.h"
#include "store/migrations.h"
#include "store/monitor_secrets.h"
#include "store/retention.h"

namespace tocsin {
namespace {

// The store is in trouble, not the batch.
bool is_trouble(const Error& error) {
  return error.kind != ErrorKind::conflict && error.kind != ErrorKind::too_large &&
         error.kind != ErrorKind::invalid_input;
}

// The handle is not to be used again. A full disk is no such error: SQLite rolled back and nothing
// is in doubt.
bool breaks_handle(const Error& error) {
  return error.kind == ErrorKind::io || error.kind == ErrorKind::corrupt;
}

// The two kinds that a caller of the store knows for "not kept".
Error as_not_kept(const Error& error) {
  const ErrorKind kind = error.kind == ErrorKind::disk_full ? ErrorKind::disk_full : ErrorKind::io;
  return Error{kind, error.message};
}

}  // namespace

Keeper::Keeper(const SqliteSettings& settings, const Clock& clock)
    : file_(settings.dir / "tocsin.db"),
      retention_(settings.retention),
      clock_(clock),
      reserve_(settings.dir, settings.reserve_bytes),
      box_(settings.dir),
      retention_at_(clock.steady_now()) {}

Result<std::unique_ptr<Keeper>> Keeper::open(const SqliteSettings& settings, const Clock& clock) {
  if (Result<void> made = make_data_directory(settings.dir); !made) {
    return std::unexpected(made.error());
  }
  std::unique_ptr<Keeper> keeper(new Keeper(settings, clock));
  // What is not written to is looked through while it is loaded (loader.h).
  const TableCheck check = settings.forget_lost_secrets ? TableCheck::now : TableCheck::later;
  Result<sqlite::Database> database = open_store_file(keeper->file_, check);
  if (!database && database.error().kind == ErrorKind::disk_full && keeper->reserve_.exists()) {
    keeper->enter_reserve();
    database = open_store_file(keeper->file_, check);
  }
  if (!database) {
    return std::unexpected(database.error());
  }
  keeper->database_ = std::move(*database);
  if (settings.forget_lost_secrets) {
    Result<void> forgot = forget_lost_secrets(*keeper->database_, keeper->box_);
    if (forgot) {
      forgot = forget_lost_passwords(*keeper->database_, keeper->box_);
    }
    if (!forgot) {
      return std::unexpected(forgot.error());
    }
  }
  if (keeper->mode_ == Mode::normal) {
    // A small disk has no room for it; then the store runs without.
    [[maybe_unused]] const Result<void> made = keeper->reserve_.make();
  }
  return keeper;
}

// --- writing

std::vector<Result<void>> Keeper::write(std::vector<WriteBatch> batches) {
  if (mode_ == Mode::holding && clock_.steady_now() >= retry_at_) {
    resume();
  }
  std::vector<bool> had_results;
  had_results.reserve(batches.size());
  for (const WriteBatch& batch : batches) {
    had_results.push_back(batch.results() > 0);
  }
  if (mode_ == Mode::holding) {
    hold(std::move(batches));
    return std::vector<Result<void>>(had_results.size(), std::unexpected(as_not_kept(trouble_)));
  }
  const Result<void> done = commit_or_recover(batches);
  if (!done && !is_trouble(done.error())) {
    return commit_each(batches, done.error());
  }
  std::vector<Result<void>> results(batches.size());
  for (size_t index = 0; index < batches.size(); ++index) {
    if (!done) {
      results[index] = std::unexpected(as_not_kept(done.error()));
    } else if (had_results[index] && batches[index].results() == 0) {
      results[index] = fail(ErrorKind::busy,
                            "no space is left: results were dropped, everything else is stored");
    }
  }
  if (!done) {
    hold(std::move(batches));
  }
  return results;
}

// One transaction. When the handle broke it is tried on a new one, when the disk is full without
// results; in the worst case a new handle finds the disk full, and the reserve gives it the space
// to begin.
Result<void> Keeper::commit_or_recover(std::vector<WriteBatch>& batches) {
  constexpr int kTries = 4;
  for (int tries = 1;; ++tries) {
    if (mode_ == Mode::reserve) {
      std::ranges::for_each(batches, [this](WriteBatch& batch) { drop_results(batch); });
    }
    Result<void> done = database_ ? Result<void>() : reopen();
    if (done) {
      done = commit(batches);
    }
    if (done || !is_trouble(done.error())) {
      return done;
    }
    health_.last_error = done.error().message;
    if (tries < kTries && breaks_handle(done.error())) {
      close_broken();
    } else if (tries < kTries && done.error().kind == ErrorKind::disk_full &&
               mode_ == Mode::normal) {
      enter_reserve();
    } else {
      enter_holding(done.error());
      return done;
    }
  }
}

Result<void> Keeper::commit(const std::vector<WriteBatch>& batches) {
  const Result<uint64_t> inserted = write_all(batches);
  if (!inserted) {
    forget_memory();
    return std::unexpected(inserted.error());
  }
  health_.results_written += *inserted;
  health_.batches += batches.size();
  return {};
}

// The number of results that were new.
Result<uint64_t> Keeper::write_all(const std::vector<WriteBatch>& batches) {
  sqlite::Transaction transaction(*database_);
  if (Result<void> begun = transaction.begin(); !begun) {
    return std::unexpected(begun.error());
  }
  uint64_t inserted = 0;
  for (const WriteBatch& batch : batches) {
    const Result<uint64_t> written =
        write_rows(*database_, batch, {.rollup = rollup_, .passes = passes_}, box_);
    if (!written) {
      return std::unexpected(written.error());
    }
    inserted += *written;
  }
  if (Result<void> written = rollup_.write(*database_); !written) {
    return std::unexpected(written.error());
  }
  if (Result<void> written = passes_.write(*database_); !written) {
    return std::unexpected(written.error());
  }
  if (Result<void> committed = transaction.commit(); !committed) {
    return std::unexpected(committed.error());
  }
  return inserted;
}

// One of them is at fault: each gets a transaction of its own, so that the others do not suffer.
std::vector<Result<void>> Keeper::commit_each(std::vector<WriteBatch>& batches,
                                              const Error& refusal) {
  if (batches.size() == 1) {
    health_.last_error = refusal.message;
    return {std::unexpected(refusal)};
  }
  std::vector<Result<void>> results;
  for (WriteBatch& batch : batches) {
    std::vector<WriteBatch> alone;
    alone.push_back(std::move(batch));
    results.push_back(write(std::move(alone)).front());
  }
  return results;
}

void Keeper::hold(std::vector<WriteBatch> batches) {
  for (WriteBatch& batch : batches) {
    drop_results(batch);
    held_.add(std::move(batch));
  }
}

void Keeper::drop_results(WriteBatch& batch) {
  health_.results_dropped += batch.results();
  batch.drop_results();
}

// --- modes

void Keeper::enter_reserve() {
  gave_reserve_ = reserve_.exists();
  reserve_.free();
  mode_ = Mode::reserve;
  pause_ = kRetryFirst;
  retry_at_ = clock_.steady_now() + pause_;
  show_mode();
}

// Back to normal when the reserve can be made again. Where there was none, the next write of
// results is the test.
void Keeper::leave_reserve() {
  if (const Result<void> made = reserve_.make(); !made && gave_reserve_) {
    pause_longer();
    return;
  }
  gave_reserve_ = false;
  mode_ = Mode::normal;
  retry_at_ = kNever;
  show_mode();
}

void Keeper::enter_holding(const Error& error) {
  if (mode_ != Mode::holding) {
    pause_ = kRetryFirst;
    retry_at_ = clock_.steady_now() + pause_;
  }
  mode_ = Mode::holding;
  trouble_ = error;
  health_.last_error = error.message;
  if (breaks_handle(error)) {
    close_broken();
  }
  if (error.kind == ErrorKind::disk_full && reserve_.exists()) {
    gave_reserve_ = true;  // for the next try
    reserve_.free();
  }
  show_mode();
}

// Tries to write everything held.
void Keeper::resume() {
  Result<void> done = database_ ? Result<void>() : reopen();
  if (done) {
    done = commit_held();
  }
  if (!done) {
    enter_holding(done.error());
    pause_longer();
    return;
  }
  held_.clear();
  // Said before the reserve is tried: where it cannot be made yet, all but results is kept again.
  mode_ = Mode::reserve;
  pause_ = kRetryFirst;
  show_mode();
  leave_reserve();
}

// In one transaction; when a row in it is refused, in several, so that it alone is lost.
Result<void> Keeper::commit_held() {
  const std::vector<WriteBatch> pieces = held_.batches();
  Result<void> done = commit(pieces);
  if (done || is_trouble(done.error())) {
    return done;
  }
  health_.last_error = done.error().message;
  for (const WriteBatch& piece : pieces) {
    done = commit({piece});
    if (!done && is_trouble(done.error())) {
      return done;
    }
  }
  return {};
}

// What is known of the file is in doubt after a transaction that did not come about.
void Keeper::forget_memory() {
  rollup_.forget();
  passes_.forget();
}

void Keeper::close_broken() {
  forget_memory();
  if (database_) {
    database_->abandon();
    database_.reset();
  }
}

void Keeper::pause_longer() {
  pause_ = std::min(2 * pause_, kRetryMax);
  retry_at_ = clock_.steady_now() + pause_;
}

void Keeper::show_mode() {
  health_.is_volatile = mode_ == Mode::holding;
  health_.reserve_used = mode_ == Mode::reserve || (mode_ == Mode::holding && gave_reserve_);
}

Result<void> Keeper::reopen() {
  close_broken();
  Result<sqlite::Database> opened = open_store_file(file_);
  if (!opened) {
    return std::unexpected(opened.error());
  }
  // What is in the log may be in memory only: copied into the file it is written, and synced, by a
  // handle that has not failed.
  if (Result<void> copied = opened->checkpoint_all(); !copied) {
    opened->abandon();
    return copied;
  }
  database_ = std::move(*opened);
  return {};
}

// --- between writes

SteadyTime Keeper::next_tend() const {
  if (mode_ != Mode::normal) {
    return retry_at_;
  }
  const bool owes = passes_.owes() || database_->log_pages() >= kLogPagesMax;
  return owes ? SteadyTime::min() : retention_at_;
}

void Keeper::tend() {
  const SteadyTime now = clock_.steady_now();
  if (database_ && database_->log_pages() >= kLogPagesMax) {
    copy_log();
  }
  if (mode_ != Mode::normal && now >= retry_at_) {
    mode_ == Mode::holding ? resume() : leave_reserve();
  } else if (mode_ == Mode::normal && now >= retention_at_) {
    delete_some();
  } else if (mode_ == Mode::normal && passes_.owes()) {
    tend_passes();
  }
}

void Keeper::copy_log() {
  Result<void> copied = database_->checkpoint();
  if (!copied && copied.error().kind == ErrorKind::disk_full && mode_ == Mode::normal) {
    health_.last_error = copied.error().message;
    enter_reserve();
    copied = database_->checkpoint();
  }
  if (!copied && breaks_handle(copied.error())) {
    if (const Result<void> opened = reopen(); !opened) {
      enter_holding(opened.error());
    }
  }
}

// What goes wrong here is tried again with the next results; nothing is lost by waiting.
void Keeper::tend_passes() {
  const Result<void> done = passes_.tend(*database_, rollup_);
  if (done) {
    return;
  }
  health_.last_error = done.error().message;
  if (done.error().kind == ErrorKind::disk_full) {
    enter_reserve();
  } else if (breaks_handle(done.error())) {
    if (const Result<void> opened = reopen(); !opened) {
      enter_holding(opened.error());
    }
  }
}

// Plain passes go with the rows of results, and never after the hours that lead to them.
Result<bool> Keeper::delete_slice() {
  const SystemTime now = clock_.system_now();
  const Result<bool> more =
      passes_.delete_before(*database_, rollup_, now - std::min(retention_.raw, retention_.hourly));
  return !more || *more ? more : delete_old(*database_, retention_, now);
}

void Keeper::delete_some() {
  const Result<bool> more = delete_slice();
  if (more && *more) {
    return;
  }
  // It may be missing since a start without room for it.
  [[maybe_unused]] const Result<void> made = reserve_.make();
  retention_at_ = clock_.steady_now() + kRetentionEvery;
  if (more) {
    return;
  }
  health_.last_error = more.error().message;
  if (breaks_handle(more.error())) {
    if (const Result<void> opened = reopen(); !opened) {
      enter_holding(opened.error());
    }
  }
}

void Keeper::close() {
  if (mode_ == Mode::holding && !held_.empty()) {
    resume();
  }
  database_.reset();
}

}  // namespace tocsin
