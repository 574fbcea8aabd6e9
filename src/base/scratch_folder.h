// For tests: a folder of their own, gone at their end. Programs of one test run side by side, so no
// test may share a path with another.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "base/check.h"

namespace tocsin {

class ScratchFolder {
 public:
  ScratchFolder() {
    // Memory where there is some: what a test asks of a disk is not that it be slow.
    const std::filesystem::path memory = "/dev/shm";
    const bool has_memory = ::access(memory.c_str(), W_OK) == 0;
    std::string name =
        (has_memory ? memory : std::filesystem::temp_directory_path()) / "tocsin-test-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr, "a test can make a folder");
    path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Writes a file below the folder, its folders too where they are missing; returns its path.
  std::filesystem::path file(const std::filesystem::path& name, const std::string& text) const {
    const std::filesystem::path whole = path_ / name;
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream(whole, std::ios::binary) << text;
    return whole;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace tocsin
