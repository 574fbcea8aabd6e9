// kill -9 while the store writes: what was acknowledged is there, and every batch is whole or not
// there at all.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <vector>

#include "base/scratch_folder.h"
#include "store/fixtures.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

using fixtures::kNow;
using fixtures::passed;

constexpr int kRounds = 10;
constexpr int kInFlightMax = 64;

// Runs the answer on the writer's thread: nothing is lost between it and the pipe.
class DirectMailbox final : public Mailbox {
 public:
  void post(std::function<void()> work) override { work(); }
};

WriteBatch batch_of(int32_t number) {
  WriteBatch batch;
  batch.attempts.push_back(passed(1, kNow + number * 1s, 1ms));
  batch.incidents.push_back({.id = {"incident-" + std::to_string(number)}});
  Delivery delivery{.key = "key-" + std::to_string(number), .channel = "ops"};
  delivery.event.incident = batch.incidents[0].id;
  batch.deliveries.push_back(delivery);
  batch.clock_epoch = static_cast<uint32_t>(number);
  batch.urgent = number % 3 == 0;
  return batch;
}

// Writes batches for ever and says on `out` which are durable; ends by being killed.
[[noreturn]] void write_for_ever(const std::filesystem::path& dir, int32_t first, int out) {
  const fixtures::TestClock clock(/*running=*/true);
  DirectMailbox mailbox;
  Result<std::unique_ptr<Store>> store =
      open_sqlite_store({.dir = dir, .retention = {}, .reserve_bytes = 0}, clock, mailbox);
  if (!store) {
    ::_exit(1);
  }
  std::atomic<int> in_flight = 0;
  for (int32_t number = first;; ++number) {
    in_flight.wait(kInFlightMax);
    ++in_flight;
    (*store)->submit(batch_of(number), [&in_flight, number, out](const Result<void>& kept) {
      if (!kept || ::write(out, &number, sizeof number) != sizeof number) {
        ::_exit(1);
      }
      --in_flight;
      in_flight.notify_one();
    });
  }
}

// The numbers that a child acknowledged until it was killed, after `acknowledgements` of them.
std::vector<int32_t> run_and_kill(const std::filesystem::path& dir, int32_t first,
                                  size_t acknowledgements) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_for_ever(dir, first, ends[1]);
  }
  ::close(ends[1]);
  std::vector<int32_t> numbers;
  int32_t number = 0;
  while (::read(ends[0], &number, sizeof number) == sizeof number) {
    numbers.push_back(number);
    if (numbers.size() == acknowledgements) {
      ::kill(child, SIGKILL);
    }
  }
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writing process ended by itself";
  return numbers;
}

TEST(StoreCrash, AcknowledgedBatchesSurviveWhole) {
  const ScratchFolder temp;
  std::mt19937 random(23);
  int32_t next = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<int32_t> acknowledged = run_and_kill(temp.path(), next, 1 + (random() % 200));
    ASSERT_FALSE(acknowledged.empty());

    const fixtures::TestClock clock;
    fixtures::TestMailbox mailbox;
    const auto store = open_sqlite_store(
        {.dir = temp.path(), .retention = {}, .own_thread = false, .reserve_bytes = 0}, clock,
        mailbox);
    ASSERT_TRUE(store) << store.error().message;
    const auto reader = (*store)->reader();
    ASSERT_TRUE(reader);
    const auto has_result = [&](int32_t number) {
      return (*reader)->result({.monitor = {1}, .slot = kNow + number * 1s}).value().has_value();
    };
    const int32_t last = acknowledged.back();
    int32_t newest = -1;
    for (int32_t number = next; number <= last + (2 * kInFlightMax); ++number) {
      const IncidentId incident{"incident-" + std::to_string(number)};
      const bool is_there = has_result(number);
      ASSERT_EQ((*reader)->incident(incident).value().has_value(), is_there) << number;
      ASSERT_EQ((*reader)->deliveries(incident).value().size(), is_there ? 1U : 0U) << number;
      ASSERT_TRUE(is_there || number > last) << number << " was acknowledged and is lost";
      newest = is_there ? number : newest;
    }
    EXPECT_EQ(fixtures::load_whole(**store).value().clock_epoch, static_cast<uint32_t>(newest));
    next = newest + 1;
  }
}

}  // namespace
}  // namespace tocsin
