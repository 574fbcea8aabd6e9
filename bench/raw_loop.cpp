// bench_raw_loop PORT CONNECTIONS [IN_FLIGHT=64]: the least a connect check can cost on epoll:
// socket, connect, wait, TCP_INFO, shutdown(WR), read to the end, close. No timers, no judgement,
// no store. The reference of every CPU ratio; prints CPU µs per connection.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

struct Loop {
  int poll = ::epoll_create1(0);
  uint16_t port = 0;
  long wanted = 0, started = 0, finished = 0, failed = 0;
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
      if (started < wanted) {
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

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_raw_loop PORT CONNECTIONS [IN_FLIGHT]\n");
    return 2;
  }
  Loop loop;
  loop.port = static_cast<uint16_t>(std::atoi(argv[1]));
  loop.wanted = std::atol(argv[2]);
  const long in_flight = argc > 3 ? std::atol(argv[3]) : 64;
  const double before = cpu_us();
  const auto began = std::chrono::steady_clock::now();
  for (long i = 0; i < in_flight && i < loop.wanted; ++i) {
    loop.start();
  }
  std::vector<epoll_event> events(256);
  while (loop.finished < loop.wanted) {
    const int count =
        ::epoll_wait(loop.poll, events.data(), static_cast<int>(events.size()), 10000);
    if (count <= 0) {
      std::fprintf(stderr, "nothing happened for 10 s\n");
      return 1;
    }
    for (int i = 0; i < count; ++i) {
      loop.handle(events[static_cast<size_t>(i)]);
    }
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  std::printf(
      "{\"cpu_us_per_connection\": %.2f, \"connections\": %ld, \"failed\": %ld, \"per_second\": "
      "%.0f}\n",
      (cpu_us() - before) / static_cast<double>(loop.wanted), loop.wanted, loop.failed,
      static_cast<double>(loop.wanted) / wall.count());
  return loop.failed == 0 ? 0 : 1;
}
