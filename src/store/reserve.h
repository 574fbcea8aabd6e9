// The reserve: a file that holds space for bad days. When the disk fills it is removed, and what it
// held serves state, incidents and deliveries until there is room again (architecture.md, invariant
// 2).
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/result.h"

namespace tocsin {

class ReserveFile {
 public:
  // DIR/reserve, `bytes` large, or no file at all for 0; nothing is made yet.
  ReserveFile(const std::filesystem::path& dir, size_t bytes);

  [[nodiscard]] bool exists() const;
  // Makes it when missing, and only when that leaves as much again free: disk_full otherwise, and
  // nothing is left behind.
  Result<void> make();
  // Gives its space back. Fine when it is not there.
  void free();

 private:
  std::filesystem::path file_;
  size_t bytes_;
};

}  // namespace tocsin
