// bench_raw_loop PORT CONNECTIONS [IN_FLIGHT=64 | RATE/s [STEP_US]]: the least a connect check can
// cost on epoll: socket, connect, wait, TCP_INFO, shutdown(WR), read to the end, close. No
// judgement, no store. The reference of every CPU ratio; prints CPU µs per connection.
//
// With IN_FLIGHT it is saturated: a connection that ends starts the next, so one wait serves many.
// With a rate ("500/s") connections start on an even grid, as checks do: each is waited for;
// with STEP_US too it sleeps from one step to the next, and does what came meanwhile at once.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Loop {
  int poll = ::epoll_create1(0);
  uint16_t port = 0;
  long wanted = 0, started = 0, finished = 0, failed = 0;
  bool restarts = false;  // one that ends starts the next
  std::vector<epoll_event> events = std::vector<epoll_event>(256);
  std::vector<bool> connected = std::vector<bool>(65536, false);

  void start() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    // 4,000 destinations, as the monitors have, so that no destination runs out of ports.
    const auto number = static_cast<uint32_t>(started % 4000);
    to.sin_addr.s_addr = htonl(0x7f010000U + ((number / 250) << 8) + number % 250 + 1);
    ++started;
    const int result = ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to);
    connected[static_cast<size_t>(fd)] = false;
    epoll_event watch{};
    watch.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP;
    watch.data.fd = fd;
    if ((result != 0 && errno != EINPROGRESS) ||
        ::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &watch) != 0) {
      ++failed;
      ++finished;
      ::close(fd);
    }
  }

  // How many events came.
  int wait(std::chrono::nanoseconds most) {
    const timespec timeout{.tv_sec = most.count() / 1'000'000'000,
                           .tv_nsec = most.count() % 1'000'000'000};
    const int count =
        ::epoll_pwait2(poll, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
      handle(events[static_cast<size_t>(i)]);
    }
    return count < 0 ? 0 : count;
  }

  void handle(const epoll_event& event) {
    const int fd = event.data.fd;
    if (!connected[static_cast<size_t>(fd)]) {
      int error = 0;
      socklen_t length = sizeof error;
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
      tcp_info info{};
      length = sizeof info;
      ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length);
      failed += error != 0;
      connected[static_cast<size_t>(fd)] = true;
      ::shutdown(fd, SHUT_WR);
    }
    char buffer[512];
    const ssize_t bytes = ::read(fd, buffer, sizeof buffer);
    if (bytes == 0 || (bytes < 0 && errno != EAGAIN)) {
      ::close(fd);
      ++finished;
      if (restarts && started < wanted) {
        start();
      }
    }
  }
};

double cpu_us() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

// The first `in_flight` at once, then one for each that ends.
bool run_saturated(Loop& loop, long in_flight) {
  loop.restarts = true;
  for (long i = 0; i < in_flight && i < loop.wanted; ++i) {
    loop.start();
  }
  while (loop.finished < loop.wanted) {
    if (loop.wait(std::chrono::seconds(10)) == 0) {
      return false;
    }
  }
  return true;
}

void sleep_to_next(std::chrono::microseconds step) {
  const auto now = Clock::now().time_since_epoch();
  std::this_thread::sleep_for(step - now % step);
}

// Number k starts at k / rate.
bool run_paced(Loop& loop, double rate, std::chrono::microseconds step) {
  const auto begin = Clock::now();
  auto heard = begin;
  while (loop.finished < loop.wanted) {
    const auto now = Clock::now();
    const auto due = begin + std::chrono::nanoseconds(static_cast<int64_t>(
                                 static_cast<double>(loop.started) / rate * 1e9));
    if (loop.started < loop.wanted && due <= now) {
      loop.start();
      continue;
    }
    const bool is_last = loop.started == loop.wanted;
    if (step.count() > 0) {
      sleep_to_next(step);
    }
    if (loop.wait(step.count() > 0 ? std::chrono::nanoseconds(0)
                  : is_last        ? std::chrono::nanoseconds(std::chrono::seconds(10))
                                   : due - now) > 0) {
      heard = Clock::now();
    } else if (Clock::now() - heard > std::chrono::seconds(10)) {
      return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_raw_loop PORT CONNECTIONS [IN_FLIGHT | RATE/s [STEP_US]]\n");
    return 2;
  }
  ::prctl(PR_SET_TIMERSLACK, 1);
  Loop loop;
  loop.port = static_cast<uint16_t>(std::atoi(argv[1]));
  loop.wanted = std::atol(argv[2]);
  const std::string_view pace = argc > 3 ? argv[3] : "64";
  const std::chrono::microseconds step(argc > 4 ? std::atol(argv[4]) : 0);
  const double before = cpu_us();
  const auto began = Clock::now();
  const bool is_whole = pace.ends_with("/s") ? run_paced(loop, std::atof(argv[3]), step)
                                             : run_saturated(loop, std::atol(pace.data()));
  if (!is_whole) {
    std::fprintf(stderr, "nothing happened for 10 s\n");
    return 1;
  }
  const std::chrono::duration<double> wall = Clock::now() - began;
  std::printf(
      "{\"cpu_us_per_connection\": %.2f, \"connections\": %ld, \"failed\": %ld, \"per_second\": "
      "%.0f}\n",
      (cpu_us() - before) / static_cast<double>(loop.wanted), loop.wanted, loop.failed,
      static_cast<double>(loop.wanted) / wall.count());
  return loop.failed == 0 ? 0 : 1;
}
