// The embedded store: SQLite, WAL, synchronous=FULL, one writer thread that alone checkpoints.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "base/limits.h"
#include "model/config.h"
#include "ports/clock.h"
#include "ports/mailbox.h"
#include "store/store.h"

namespace tocsin {

// The right to be the one process that writes DIR: an flock on DIR/lock, held for life.
class StoreLock {
 public:
  // busy: another server runs on the same data (the message names its process id and address when
  // known).
  static Result<std::unique_ptr<StoreLock>> acquire(const std::filesystem::path& dir);
  virtual ~StoreLock() = default;
};

struct SqliteSettings {
  std::filesystem::path dir;  // made (0700) when missing
  Retention retention;
  // False: submit() writes at once on the calling thread (simulator, CLI commands).
  bool own_thread = true;
  // Held back for a full disk (architecture.md, invariant 2); 0: nothing.
  size_t reserve_bytes = kReserveFileBytes;
  // Secrets of channels that the key does not open are given up; else load() refuses.
  bool forget_lost_secrets = false;
};

// Ids of the channels that are kept in DIR, without secrets and whether or not a server runs there:
// files may name them. None when there is no store yet, or one of a version that had no channels.
Result<std::set<std::string>> stored_channel_ids(const std::filesystem::path& dir);

// Opens or creates DIR/tocsin.db. newer_version when a newer Tocsin wrote it (the file is left
// untouched); corrupt, disk_full, io. Applies migrations in a transaction each. The lock is the
// caller's to hold.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteSettings& settings, const Clock& clock,
                                                 Mailbox& mailbox);

}  // namespace tocsin
