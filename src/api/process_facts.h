// What /proc/self says of this process, for the process_* metrics. A fact the system does not tell
// is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

struct ProcessFacts {
  std::optional<double> cpu_seconds;
  std::optional<double> start_time_seconds;  // since the epoch
  std::optional<uint64_t> resident_bytes, virtual_bytes;
  std::optional<uint64_t> open_fds, max_fds;
};

ProcessFacts read_process_facts();

// The fields of /proc/self/stat that we use; the name of the program in it may hold anything,
// spaces and ')' included. Pure.
struct ProcessStat {
  uint64_t user_ticks = 0, system_ticks = 0;
  uint64_t start_ticks = 0;  // since the machine started
  uint64_t virtual_bytes = 0, resident_pages = 0;
};
std::optional<ProcessStat> read_process_stat(std::string_view stat);

}  // namespace tocsin
