// bench_tun_responder DEVICE FILE [DELAY_US=20000]: a host of exact delay behind a TUN device (no
// PI) that exists already. Every SYN is answered DELAY_US after it was read, whatever its address
// and port; a FIN is taken and answered by ours at once. Keeps no connections. Says "ready", and
// runs until SIGTERM.
//
// What it truly took stands in FILE, a line for each SYN that was answered: address, port of the
// client, first SYN on the device (microseconds since 1970), from there to the SYN-ACK on the
// device, and the same by the responder's own clock (nanoseconds). The first two times are the
// kernel's (packet(7), SO_TIMESTAMPNS), as a capture would have them: they see what waited in the
// device, the responder's clock cannot.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <unordered_map>

namespace {

constexpr int64_t kNs = 1'000'000'000;
constexpr int64_t kSpinNs = 200'000;  // a wait ends later than asked by less than this
constexpr size_t kHeaders = sizeof(iphdr) + sizeof(tcphdr);
using Bytes = std::array<unsigned char, 2048>;

volatile std::sig_atomic_t over = 0;

int64_t nanoseconds(const timespec& time) { return int64_t{time.tv_sec} * kNs + time.tv_nsec; }

int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return nanoseconds(time);
}

// A TCP segment over IPv4.
struct Segment {
  iphdr ip{};
  tcphdr tcp{};
  uint32_t data_bytes = 0;

  bool read(const Bytes& bytes, ssize_t count) {
    if (count < static_cast<ssize_t>(kHeaders)) {
      return false;
    }
    std::memcpy(&ip, bytes.data(), sizeof ip);
    const size_t ip_bytes = ip.ihl * size_t{4};
    if (ip.version != 4 || ip.protocol != IPPROTO_TCP || ip_bytes < sizeof ip ||
        static_cast<size_t>(count) < ip_bytes + sizeof tcp) {
      return false;
    }
    std::memcpy(&tcp, bytes.data() + ip_bytes, sizeof tcp);
    const size_t head = ip_bytes + tcp.doff * size_t{4};
    if (static_cast<size_t>(count) < head) {
      return false;
    }
    data_bytes = static_cast<uint32_t>(static_cast<size_t>(count) - head);
    return true;
  }
};

uint64_t key(uint32_t host, uint16_t client_port) {
  return (uint64_t{ntohl(host)} << 16) | ntohs(client_port);
}

// RFC 1071; `bytes` is even.
uint32_t sum(const void* data, size_t bytes, uint32_t start = 0) {
  for (size_t at = 0; at < bytes; at += 2) {
    uint16_t word = 0;
    std::memcpy(&word, static_cast<const unsigned char*>(data) + at, sizeof word);
    start += word;
  }
  return start;
}

uint16_t fold(uint32_t total) {
  total = (total & 0xffffU) + (total >> 16);
  total += total >> 16;
  return static_cast<uint16_t>(~total);
}

class Responder {
 public:
  Responder(int device, int tap, int64_t delay) : device_(device), tap_(tap), delay_(delay) {}

  void run() {
    while (over == 0) {
      wait();
      while (read_device()) {
      }
      answer_what_is_due();
      while (read_tap()) {
      }
    }
  }

  void write_lines(std::FILE* file) const {
    for (const Line& line : lines_) {
      std::fprintf(file, "%u.%u.%u.%u\t%u\t%lld\t%lld\t%lld\n", line.host >> 24,
                   (line.host >> 16) & 255U, (line.host >> 8) & 255U, line.host & 255U,
                   unsigned{line.client_port}, static_cast<long long>(line.syn / 1000),
                   static_cast<long long>(line.wire), static_cast<long long>(line.own));
    }
  }

 private:
  struct Due {
    int64_t at, arrived;
    Segment syn;
  };
  struct Seen {
    int64_t syn = 0;  // on the device, by the wall clock
    int64_t own = 0;
  };
  struct Line {
    uint32_t host;
    uint16_t client_port;
    int64_t syn, wire, own;
  };

  // Sleeps to shortly before the next answer, then spins.
  void wait() {
    const int64_t left = due_.empty() ? kNs / 10 : due_.front().at - now() - kSpinNs;
    if (left <= 0) {
      return;
    }
    std::array<pollfd, 2> fds{{{device_, POLLIN, 0}, {tap_, POLLIN, 0}}};
    const timespec most{.tv_sec = left / kNs, .tv_nsec = left % kNs};
    ::ppoll(fds.data(), fds.size(), &most, nullptr);
  }

  bool read_device() {
    const ssize_t count = ::read(device_, bytes_.data(), bytes_.size());
    if (count <= 0) {
      return false;
    }
    const int64_t arrived = now();
    Segment segment;
    if (!segment.read(bytes_, count) || segment.tcp.rst != 0) {
      return true;
    }
    if (segment.tcp.syn != 0) {
      due_.push_back({arrived + delay_, arrived, segment});  // one delay for all: already in order
    } else if (segment.tcp.fin != 0 || segment.data_bytes > 0) {
      answer(segment, segment.tcp.ack_seq, segment.data_bytes + (segment.tcp.fin != 0 ? 1U : 0U),
             segment.tcp.fin != 0);
    }
    return true;
  }

  void answer_what_is_due() {
    while (!due_.empty() && due_.front().at <= now()) {
      const Due due = due_.front();
      due_.pop_front();
      seen_[key(due.syn.ip.daddr, due.syn.tcp.source)].own = now() - due.arrived;
      answer(due.syn, due.syn.tcp.source, 1, false);
    }
  }

  void answer(const Segment& to, uint32_t sequence, uint32_t taken, bool fin) {
    iphdr ip{};
    ip.version = 4;
    ip.ihl = sizeof ip / 4;
    ip.tot_len = htons(kHeaders);
    ip.ttl = 64;
    ip.protocol = IPPROTO_TCP;
    ip.saddr = to.ip.daddr;
    ip.daddr = to.ip.saddr;
    ip.check = fold(sum(&ip, sizeof ip));
    tcphdr tcp{};
    tcp.source = to.tcp.dest;
    tcp.dest = to.tcp.source;
    tcp.seq = sequence;
    tcp.ack_seq = htonl(ntohl(to.tcp.seq) + taken);
    tcp.doff = sizeof tcp / 4;
    tcp.syn = to.tcp.syn;
    tcp.ack = 1;
    tcp.fin = fin ? 1 : 0;
    tcp.window = 0xffff;
    const uint32_t pseudo = sum(&ip.saddr, 8) + htons(IPPROTO_TCP) + htons(sizeof tcp);
    tcp.check = fold(sum(&tcp, sizeof tcp, pseudo));
    std::array<unsigned char, kHeaders> out{};
    std::memcpy(out.data(), &ip, sizeof ip);
    std::memcpy(out.data() + sizeof ip, &tcp, sizeof tcp);
    if (::write(device_, out.data(), out.size()) != static_cast<ssize_t>(out.size())) {
      std::perror("bench_tun_responder: write");
    }
  }

  bool read_tap() {
    std::array<unsigned char, 128> control{};
    sockaddr_ll from{};
    iovec part{bytes_.data(), bytes_.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t count = ::recvmsg(tap_, &message, MSG_DONTWAIT);
    if (count < 0) {
      return false;
    }
    Segment segment;
    const cmsghdr* note = CMSG_FIRSTHDR(&message);
    if (note == nullptr || note->cmsg_type != SCM_TIMESTAMPNS || !segment.read(bytes_, count) ||
        segment.tcp.syn == 0) {
      return true;
    }
    timespec time{};
    std::memcpy(&time, CMSG_DATA(note), sizeof time);
    if (from.sll_pkttype == PACKET_OUTGOING) {
      Seen& seen = seen_[key(segment.ip.daddr, segment.tcp.source)];
      if (seen.syn == 0) {  // not the time of one sent again
        seen.syn = nanoseconds(time);
      }
    } else {
      keep(segment, nanoseconds(time));
    }
    return true;
  }

  void keep(const Segment& syn_ack, int64_t at) {
    const auto found = seen_.find(key(syn_ack.ip.saddr, syn_ack.tcp.dest));
    if (found == seen_.end() || found->second.syn == 0) {
      return;
    }
    lines_.push_back({ntohl(syn_ack.ip.saddr), ntohs(syn_ack.tcp.dest), found->second.syn,
                      at - found->second.syn, found->second.own});
    seen_.erase(found);
  }

  int device_, tap_;
  int64_t delay_;
  Bytes bytes_{};
  std::deque<Due> due_;
  std::unordered_map<uint64_t, Seen> seen_;
  std::deque<Line> lines_;  // written at the end: a disk may make us wait
};

int open_device(const char* name) {
  const int fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ifreq request{};
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  return fd >= 0 && ::ioctl(fd, TUNSETIFF, &request) == 0 ? fd : -1;
}

int open_tap(const char* device) {
  const int fd = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int one = 1;
  const int queue = 8 << 20;
  ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof queue);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(::if_nametoindex(device));
  const auto* any = reinterpret_cast<const sockaddr*>(&address);
  return fd >= 0 && ::bind(fd, any, sizeof address) == 0 ? fd : -1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: bench_tun_responder DEVICE FILE [DELAY_US]\n");
    return 2;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  std::signal(SIGTERM, [](int) { over = 1; });
  // Without the right to either it goes on: its lines say how late it was.
  const sched_param priority{.sched_priority = 10};
  ::sched_setscheduler(0, SCHED_FIFO, &priority);
  ::mlockall(MCL_CURRENT | MCL_FUTURE);
  const int device = open_device(argv[1]);
  const int tap = device < 0 ? -1 : open_tap(argv[1]);
  std::FILE* file = std::fopen(argv[2], "w");
  if (tap < 0 || file == nullptr) {
    std::perror("bench_tun_responder");
    return 1;
  }
  constexpr int kDecimal = 10;
  const int64_t delay = (argc == 4 ? std::strtoll(argv[3], nullptr, kDecimal) : 20'000) * 1000;
  std::puts("ready");
  std::fflush(stdout);
  Responder responder(device, tap, delay);
  responder.run();
  responder.write_lines(file);
  return std::fclose(file) == 0 ? 0 : 1;
}
