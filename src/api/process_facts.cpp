#include "api/process_facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/unique_fd.h"

namespace tocsin {
namespace {

// Of one file below /proc; those read here have under 4 KiB.
constexpr size_t kProcBytesMax = 16_KiB;

std::string read_small_file(const char* path) {
  const UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
  std::string text(kProcBytesMax, '\0');
  size_t length = 0;
  while (fd.valid() && length < text.size()) {
    const ssize_t got = ::read(fd.get(), text.data() + length, text.size() - length);
    if (got <= 0) {
      break;
    }
    length += static_cast<size_t>(got);
  }
  text.resize(length);
  return text;
}

std::optional<uint64_t> count_open_fds() {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir("/proc/self/fd"), &::closedir);
  if (!dir) {
    return std::nullopt;
  }
  uint64_t count = 0;
  while (const dirent* const entry = ::readdir(dir.get())) {
    count += entry->d_name[0] == '.' ? 0 : 1;
  }
  return count == 0 ? 0 : count - 1;  // the directory itself was open meanwhile
}

// "btime 1700000000": when the machine started.
std::optional<uint64_t> boot_seconds() {
  const std::string stat = read_small_file("/proc/stat");
  const size_t at = stat.find("\nbtime ");
  uint64_t value = 0;
  if (at == std::string::npos ||
      std::from_chars(stat.data() + at + 7, stat.data() + stat.size(), value).ec != std::errc()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<ProcessStat> read_process_stat(std::string_view stat) {
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view rest = stat.substr(name_end + 1);
  std::vector<std::string_view> fields;  // fields[0] is the third of proc(5), the state
  while (fields.size() < 22) {
    const size_t begin = rest.find_first_not_of(" \n");
    if (begin == std::string_view::npos) {
      return std::nullopt;
    }
    rest.remove_prefix(begin);
    fields.push_back(rest.substr(0, rest.find_first_of(" \n")));
    rest.remove_prefix(fields.back().size());
  }
  ProcessStat out;
  const std::array<std::pair<size_t, uint64_t*>, 5> wanted = {{{14, &out.user_ticks},
                                                               {15, &out.system_ticks},
                                                               {22, &out.start_ticks},
                                                               {23, &out.virtual_bytes},
                                                               {24, &out.resident_pages}}};
  for (const auto& [number, into] : wanted) {
    const std::string_view field = fields[number - 3];
    if (std::from_chars(field.data(), field.data() + field.size(), *into).ec != std::errc()) {
      return std::nullopt;
    }
  }
  return out;
}

ProcessFacts read_process_facts() {
  ProcessFacts facts;
  if (const auto stat = read_process_stat(read_small_file("/proc/self/stat"))) {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    facts.cpu_seconds = static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks;
    facts.virtual_bytes = stat->virtual_bytes;
    facts.resident_bytes = stat->resident_pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    if (const auto boot = boot_seconds()) {
      facts.start_time_seconds =
          static_cast<double>(*boot) + static_cast<double>(stat->start_ticks) / ticks;
    }
  }
  facts.open_fds = count_open_fds();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    facts.max_fds = limit.rlim_cur;
  }
  return facts;
}

}  // namespace tocsin
