#include "journal_stream.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace tocsin {

bool is_journal_stream(int fd, const std::optional<std::string>& journal_stream) {
  struct stat found{};
  return journal_stream && ::fstat(fd, &found) == 0 &&
         *journal_stream == fmt::format("{}:{}", found.st_dev, found.st_ino);
}

}  // namespace tocsin
