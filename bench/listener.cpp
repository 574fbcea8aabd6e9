// bench_listener: accepts on 0.0.0.0:PORT, reads to the end of each connection and closes: the far
// side of every comparison. Prints its port. With --awake it never sleeps, and so nobody pays for
// waking it: on a network that is another machine's work.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>
#include <vector>

// A port that is none of those from which the system takes one for whoever connects (32768 and up
// on Linux): with such a port a connection can meet itself, which costs a check more.
static bool bind_as_a_service_would(int listener, sockaddr_in& address) {
  std::random_device dice;
  for (int i = 0; i < 100; ++i) {
    address.sin_port = htons(static_cast<uint16_t>(10000 + dice() % 20000));
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
      return true;
    }
  }
  return false;
}

int main(int argc, char** argv) {
  const bool stays_awake = argc > 1 && std::string_view(argv[1]) == "--awake";
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int one = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (!bind_as_a_service_would(listener, address) || ::listen(listener, 4096) != 0) {
    std::perror("bench_listener");
    return 1;
  }
  socklen_t length = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  const int poll = ::epoll_create1(0);
  epoll_event watch{};
  watch.events = EPOLLIN;
  watch.data.fd = listener;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &watch);
  std::vector<epoll_event> events(512);
  std::vector<char> buffer(4096);
  for (;;) {
    const int count =
        ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), stays_awake ? 0 : -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<size_t>(i)].data.fd;
      if (fd == listener) {
        for (int peer = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK); peer >= 0;
             peer = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) {
          watch.data.fd = peer;
          ::epoll_ctl(poll, EPOLL_CTL_ADD, peer, &watch);
        }
      } else if (::read(fd, buffer.data(), buffer.size()) <= 0) {
        ::close(fd);
      }
    }
  }
}
