#include "probe/probe_io_choice.h"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

#include "probe/test_support.h"
#include "probe/uring_io.h"

namespace tocsin {
namespace {

// From here on io_uring_setup fails so in this process, as in a container.
bool forbid_rings(int error) {
  std::array program = {
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(error)),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// A filter stays for the life of a process.
bool holds_in_a_child(const std::function<bool()>& condition) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(condition() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

TEST(ProbeIoChoice, EpollWhereItIsWanted) {
  const TestClock clock;
  const auto chosen = make_probe_io(clock, 8, 0, IoBackend::epoll);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->backend, IoBackend::epoll);
  EXPECT_EQ(chosen->why_not, "");
}

TEST(ProbeIoChoice, IoUringWhereTheMachineAllowsIt) {
  const TestClock clock;
  const auto ring = make_uring_io(clock, 8, 0);
  for (const IoBackend wanted : {IoBackend::automatic, IoBackend::io_uring}) {
    const auto chosen = make_probe_io(clock, 8, 0, wanted);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->backend, ring ? IoBackend::io_uring : IoBackend::epoll);
    EXPECT_EQ(chosen->why_not, ring ? "" : ring.error().message);
  }
}

// Containers forbid io_uring, old kernels have none: the server works all the same, and says why.
TEST(ProbeIoChoice, EpollWhereIoUringCannotBeUsed) {
  const std::pair<int, std::string_view> reasons[] = {{EPERM, "it is forbidden here"},
                                                      {ENOSYS, "this kernel has none"}};
  for (const auto& [error, why] : reasons) {
    EXPECT_TRUE(holds_in_a_child([&] {
      const TestClock clock;
      if (!forbid_rings(error)) {
        return false;
      }
      const auto chosen = make_probe_io(clock, 8, 0, IoBackend::automatic);
      return chosen && chosen->backend == IoBackend::epoll && chosen->io->capacity() == 8 &&
             chosen->why_not.starts_with(why);
    })) << why;
  }
}

// Descriptors are lacking either way, and that is the trouble to tell.
TEST(ProbeIoChoice, TooFewDescriptorsAreToldAsThat) {
  const TestClock clock;
  const auto chosen = make_probe_io(clock, 8, size_t{1} << 40, IoBackend::io_uring);
  ASSERT_FALSE(chosen);
  EXPECT_TRUE(chosen.error().message.starts_with("RLIMIT_NOFILE is")) << chosen.error().message;
}

}  // namespace
}  // namespace tocsin
