// The store of a server that is not running, for commands that must work then too: takes its lock,
// opens it, reads, writes once.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "store/store.h"

namespace tocsin::cli {

class OfflineStore {
 public:
  class Impl;
  explicit OfflineStore(std::unique_ptr<Impl> impl);  // for open()
  // busy when somebody holds the lock.
  static Result<std::unique_ptr<OfflineStore>> open(const std::filesystem::path& data);
  ~OfflineStore();
  OfflineStore(const OfflineStore&) = delete;
  OfflineStore& operator=(const OfflineStore&) = delete;

  Result<std::unique_ptr<StoreReader>> reader();
  [[nodiscard]] SystemTime now() const;
  // Durable when it returns well; then the store is closed.
  Result<void> write(WriteBatch batch);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::cli
