// Keeper: commits batches and goes on when the disk does not. It is synchronous and has no thread;
// Writer (writer.h) gives it one.
//
// It is in one of three modes. Normal: everything is stored. Reserve: the disk is full and the
// reserve file was given back. States, incidents and deliveries are stored, results are dropped and
// counted. Holding: nothing can be stored, since the disk is full beyond the reserve, or fails.
// What reserve stores is held in memory and tried again with growing pauses; results are dropped
// and counted.
//
// After an error of the disk a handle is never used again, since a second fsync may succeed without
// having written what the first one lost: the file is opened anew and its whole log copied and
// emptied before anything else is written.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "model/config.h"
#include "ports/clock.h"
#include "store/held.h"
#include "store/pass_log.h"
#include "store/reserve.h"
#include "store/rollup.h"
#include "store/secret_box.h"
#include "store/sqlite.h"
#include "store/sqlite_store.h"
#include "store/store.h"

namespace tocsin {

// Pause before what failed is tried again. It doubles up to kRetryMax, within which space that
// returned is noticed.
inline constexpr Duration kRetryFirst = 1s;
inline constexpr Duration kRetryMax = 2s;
inline constexpr Duration kRetentionEvery = 60s;  // between two rounds of deleting
inline constexpr int kLogPagesMax = 1000;  // 4 MiB of log are copied into the file after a commit

class Keeper {
 public:
  // Opens DIR/tocsin.db (migrations.h) and makes the reserve. A disk that is full already gets the
  // reserve's space to start on.
  static Result<std::unique_ptr<Keeper>> open(const SqliteSettings& settings, const Clock& clock);

  // All of `batches` in one transaction. One result for each, in order: well when it is durable,
  // whole. disk_full or io: its results are lost; the rest is stored, or held until it can be
  // (health().is_volatile). conflict, too_large: this batch alone cannot be stored as it is, and
  // never will be.
  std::vector<Result<void>> write(std::vector<WriteBatch> batches);

  // What is to be done besides, one bounded piece of it: copying the log, trying again, deleting
  // what is old. Call it after every write and at next_tend().
  void tend();
  [[nodiscard]] SteadyTime next_tend() const;

  // A last try for what is held; then the file is closed.
  void close();
  [[nodiscard]] const StoreHealth& health() const { return health_; }

 private:
  enum class Mode : uint8_t { normal, reserve, holding };

  Keeper(const SqliteSettings& settings, const Clock& clock);
  Result<void> commit(const std::vector<WriteBatch>& batches);
  Result<uint64_t> write_all(const std::vector<WriteBatch>& batches);
  Result<void> commit_or_recover(std::vector<WriteBatch>& batches);
  std::vector<Result<void>> commit_each(std::vector<WriteBatch>& batches, const Error& refusal);
  Result<void> commit_held();
  void hold(std::vector<WriteBatch> batches);

  void drop_results(WriteBatch& batch);
  void enter_reserve();
  void leave_reserve();
  void enter_holding(const Error& error);
  void resume();
  Result<void> reopen();
  void close_broken();
  void copy_log();
  void delete_some();
  Result<bool> delete_slice();
  void tend_passes();
  void forget_memory();
  void pause_longer();
  void show_mode();

  std::filesystem::path file_;
  Retention retention_;
  const Clock& clock_;
  ReserveFile reserve_;
  SecretBox box_;
  std::optional<sqlite::Database> database_;  // nothing: it has to be opened anew first
  Mode mode_ = Mode::normal;
  bool gave_reserve_ = false;  // the reserve was there and was given back
  Rollup rollup_;
  PassLog passes_;
  HeldBatch held_;
  Duration pause_ = kRetryFirst;
  Error trouble_;                 // why we are holding
  SteadyTime retry_at_ = kNever;  // in the modes reserve and holding
  SteadyTime retention_at_;
  StoreHealth health_;
};

}  // namespace tocsin
