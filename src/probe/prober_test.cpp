// The engine on the kernel's backends against real listeners on loopback, and what only sockets can
// show.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/scratch_folder.h"
#include "probe/loopback_lab.h"
#include "probe/prober_suite.h"
#include "probe/test_backends.h"

namespace tocsin {
namespace {

INSTANTIATE_TEST_SUITE_P(Loopback, ProberSuite, testing::ValuesIn(labs()), lab_name);

// A unix socket of the operator's own files.
using ProberUnix = ProberSuite;
INSTANTIATE_TEST_SUITE_P(Loopback, ProberUnix, testing::ValuesIn(labs()), lab_name);
TEST_P(ProberUnix, AMissingSocketFileIsRefused) {
  const ScratchFolder folder;
  const std::string path = (folder.path() / "gone.sock").string();
  const ProbeResult result = probe(monitor_of({.unix_path = path}));
  EXPECT_EQ(result.error, (ProbeError{ErrorCode::tcp_refused, Phase::connect,
                                      "unix:" + path + " does not exist"}));
}

// All descriptors taken: the probes end as our own trouble; those before and after work.
// In a child process, because the limit is the whole process's.
class ProberDescriptors : public testing::TestWithParam<Backend> {};
INSTANTIATE_TEST_SUITE_P(Kernel, ProberDescriptors, testing::ValuesIn(kBackends), backend_name);
TEST_P(ProberDescriptors, ExhaustionIsLocalResourceAndPasses) {
  if (const auto made = GetParam().make(TestClock(), 1, 0); !made) {
    GTEST_SKIP() << "this machine has none: " << made.error().message;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit few{.rlim_cur = 64, .rlim_max = 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
    TestClock clock;
    auto io = GetParam().make(clock, 1000, 0).value();
    TestResolver resolver;
    TestSink sink;
    const ReachPolicy reach;
    Prober prober(*io, resolver, clock, reach, sink, {});
    auto monitor = std::make_shared<Monitor>();
    monitor->target = Target::parse("127.0.0.1:1").value();
    const auto probe = [&] {
      prober.start({.monitor = monitor});
      std::vector<IoEvent> events;
      for (size_t before = sink.results.size(); sink.results.size() == before; events.clear()) {
        io->wait(clock.steady_now() + 10ms, events);
        prober.handle(events);
        prober.advance(clock.steady_now());
      }
      return sink.results.back().second.error->code;
    };
    const ErrorCode before = probe();
    std::vector<UniqueFd> hoard;
    while (hoard.empty() || hoard.back().valid()) {
      hoard.emplace_back(::dup(0));
    }
    const ErrorCode without = probe();
    hoard.clear();
    const ErrorCode after = probe();
    ::_exit(before == ErrorCode::tcp_refused && without == ErrorCode::local_resource &&
                    after == ErrorCode::tcp_refused
                ? 0
                : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace tocsin
