// bench_state [MONITORS=100000]: the memory that the engine takes for a monitor at rest, beyond its
// definition and the text that a search looks through: its entry, its place in the queue and in the
// tables of names. Prints bytes for each, as the system counts them; and what a check under way
// takes of ours besides, its run and its slot of either backend included, and how many allocations
// 10,000 passes make.
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/due_queue.h"
#include "engine/monitor_table.h"
#include "probe/check_footprint.h"
#include "probe/epoll_io.h"
#include "probe/uring_io.h"

namespace {

using tocsin::Monitor;

// Of this process, as far as it is in memory.
double resident_bytes() {
  ::malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

Monitor definition_of(uint32_t number) {
  Monitor monitor;
  monitor.project = "p";
  monitor.id = "m" + std::to_string(number);
  monitor.name = monitor.id;
  monitor.target = *tocsin::Target::parse("127.0.0.1:80");
  monitor.interval = std::chrono::seconds(10);
  return monitor;
}

tocsin::MonitorState state_at(tocsin::SystemTime slot) {
  tocsin::MonitorState state;
  state.status.kind = state.status.known = tocsin::StatusKind::up;
  state.status.since = state.status.slot = slot;
  state.status.last_known = slot;
  return state;
}

}  // namespace

int main(int argc, char** argv) {
  const auto monitors = static_cast<uint32_t>(argc > 1 ? std::atol(argv[1]) : 100'000);
  const tocsin::SystemTime now{std::chrono::seconds(1'795'269'600)};

  const double empty = resident_bytes();
  std::vector<std::shared_ptr<const Monitor>> definitions(monitors);
  std::vector<std::string> sought(monitors);
  for (uint32_t i = 0; i < monitors; ++i) {
    definitions[i] = std::make_shared<const Monitor>(definition_of(i));
    sought[i] =
        definitions[i]->id + "\n" + definitions[i]->name + "\n" + definitions[i]->target.text();
  }
  const double of_definitions = resident_bytes() - empty;
  definitions = {};
  sought = {};

  const double before = resident_bytes();
  const auto table = std::make_unique<tocsin::MonitorTable>();
  const auto queue = std::make_unique<tocsin::DueQueue<tocsin::SystemTime>>();
  for (uint32_t i = 0; i < monitors; ++i) {
    tocsin::MonitorEntry& entry =
        table->add(tocsin::MonitorUid{i + 1},
                   std::make_shared<const tocsin::Monitor>(definition_of(i)), state_at(now), false);
    tocsin::PlainPass pass;
    pass.slot = now;
    pass.monitor = entry.uid;
    entry.last.set(pass);
    queue->set(i, now + i % 10'000 * std::chrono::milliseconds(1));
  }
  const double all = resident_bytes() - before - of_definitions;
  // Bytes and allocations of a check, by so many of them.
  constexpr size_t kChecks = 10'000;
  const size_t of_attempt = tocsin::bytes_of_a_check_under_way(kChecks);
  const size_t of_slot = std::max(tocsin::kEpollSlotBytes, tocsin::kUringSlotBytes);
  std::printf(
      "{\"monitors\": %u, \"definition_bytes\": %.0f, \"engine_bytes\": %.0f, \"entry_bytes\": "
      "%zu, \"in_flight_bytes\": %zu, \"allocations_per_check\": %.4f}\n",
      monitors, of_definitions / monitors, all / monitors, sizeof(tocsin::MonitorEntry),
      of_attempt + of_slot + sizeof(tocsin::ActiveRun),
      static_cast<double>(tocsin::allocations_of_passes(kChecks)) / kChecks);
}
