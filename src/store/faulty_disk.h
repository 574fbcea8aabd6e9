// A disk that can fail: a layer under SQLite (a VFS) that is the default of this process while it
// lives. Every call that changes a file or makes it durable asks it first. The lock, the reserve
// and the shared memory of the log do not pass through it.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>

namespace tocsin::fixtures {

class FaultyDisk {
 public:
  enum class Operation : uint8_t { write, sync, truncate };

  FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
  ~FaultyDisk();

  // The code an operation ends with: SQLITE_OK lets it pass, SQLITE_FULL, SQLITE_IOERR_WRITE,
  // SQLITE_IOERR_FSYNC... do not touch the file.
  std::function<int(Operation)> rule = [](Operation) { return SQLITE_OK; };

  // Writes and syncs on a handle one of whose syncs had failed before: the thing that must never
  // happen.
  [[nodiscard]] int used_after_failed_sync() const { return used_after_failed_sync_; }
  [[nodiscard]] int operations() const { return operations_; }

  // For the layer itself.
  int ask(const void* handle, Operation operation);
  void forget(const void* handle) { failed_.erase(handle); }
  [[nodiscard]] sqlite3_vfs* real() const { return real_; }

 private:
  sqlite3_vfs* real_;
  sqlite3_vfs layer_;
  std::set<const void*> failed_;
  int used_after_failed_sync_ = 0;
  int operations_ = 0;
};

}  // namespace tocsin::fixtures
