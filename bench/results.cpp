// Prints the final results of a store with FROM <= slot < TO (microseconds since 1970), whatever
// form they are stored in, a line each: monitor, slot, delay from slot to start, verdict (1 passed,
// 2 degraded, 3 failed, 4 unknown). The server may be running.
//
//   bench_results FILE FROM TO
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "store/migrations.h"
#include "store/segment_table.h"
#include "store/sqlite.h"

namespace {

using namespace tocsin;

void print(int64_t monitor, int64_t slot, int64_t delay, int64_t verdict) {
  std::printf("%lld\t%lld\t%lld\t%lld\n", static_cast<long long>(monitor),
              static_cast<long long>(slot), static_cast<long long>(delay),
              static_cast<long long>(verdict));
}

Result<void> print_all(sqlite::Database& database, SystemTime from, SystemTime to) {
  sqlite::Transaction snapshot(database);
  Result<void> done = snapshot.begin_reading();
  if (done) {
    done = sqlite::for_each_row(
        database.query("SELECT monitor, slot, delay, verdict FROM results WHERE slot >= ? AND slot "
                       "< ? AND final = 1",
                       {from, to}),
        [](const sqlite::Rows& row) -> Result<void> {
          print(row.integer(0), row.integer(1), row.integer(2), row.integer(3));
          return {};
        });
  }
  if (done) {
    done = for_each_segment(
        database.query("SELECT passes FROM segments WHERE last >= ? AND first < ?", {from, to}),
        [&](const SegmentView& view) {
          return view.for_each(from, to, [](const PlainPass& pass) {
            print(pass.monitor.value, pass.slot.time_since_epoch().count(), pass.delay, 1);
          });
        });
  }
  return done;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: bench_results FILE FROM TO\n");
    return 2;
  }
  constexpr int kDecimal = 10;
  const SystemTime from(Duration(std::strtoll(argv[2], nullptr, kDecimal)));
  const SystemTime to(Duration(std::strtoll(argv[3], nullptr, kDecimal)));
  Result<sqlite::Database> database = open_store_reader(argv[1]);
  const Result<void> done =
      database ? print_all(*database, from, to) : std::unexpected(database.error());
  if (!done) {
    std::fprintf(stderr, "%s: %s\n", argv[1], done.error().message.c_str());
    return 1;
  }
  return 0;
}
