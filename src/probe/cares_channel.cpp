#include "probe/cares_channel.h"

#include <ares.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/letter_case.h"
#include "model/dns_server.h"
#include "probe/dns_message.h"

namespace tocsin {
namespace {

constexpr int kFirstTryMs = 500;  // doubled with each round: 0.5, 1, 2, 4, 8 s
constexpr int kTries = 5;
constexpr size_t kAddressesMax = 64;  // of one reply
constexpr int kClassInternet = 1;
constexpr int kTypeA = 1;
constexpr int kTypeAaaa = 28;

Result<SocketAddress> parse_server(const std::string& text) {
  const std::optional<SocketAddress> server = parse_dns_server(text);
  if (!server) {
    return fail(ErrorKind::invalid_input,
                fmt::format("\"{}\" is not a DNS server; write an address and a port, for example "
                            "127.0.0.1:53 or [::1]:53",
                            escape_for_display(text, 100)));
  }
  return *server;
}

Error cares_error(std::string_view what, int status) {
  return Error{ErrorKind::unavailable, fmt::format("{}: {}", what, ares_strerror(status))};
}

DnsReply read_addresses(Family family, const unsigned char* message, int size) {
  DnsReply reply{.kind = DnsReply::Kind::addresses, .ttl = kDnsTtlMax};
  const auto add = [&](const void* bytes, size_t length, int ttl_seconds) {
    IpAddress ip{.family = family};
    std::memcpy(ip.bytes.data(), bytes, length);
    reply.addresses.push_back(ip);
    reply.ttl = std::min<Duration>(reply.ttl, std::chrono::seconds(std::max(ttl_seconds, 0)));
  };
  int count = kAddressesMax;
  int status = ARES_SUCCESS;
  if (family == Family::v4) {
    std::array<ares_addrttl, kAddressesMax> found{};
    status = ares_parse_a_reply(message, size, nullptr, found.data(), &count);
    for (size_t i = 0; status == ARES_SUCCESS && i < static_cast<size_t>(count); ++i) {
      add(&found[i].ipaddr, 4, found[i].ttl);
    }
  } else {
    std::array<ares_addr6ttl, kAddressesMax> found{};
    status = ares_parse_aaaa_reply(message, size, nullptr, found.data(), &count);
    for (size_t i = 0; status == ARES_SUCCESS && i < static_cast<size_t>(count); ++i) {
      add(&found[i].ip6addr, 16, found[i].ttl);
    }
  }
  if (status != ARES_SUCCESS && status != ARES_ENODATA) {
    return {.kind = DnsReply::Kind::failed,
            .detail = "the resolver's answer cannot be read",
            .undelivered = true};
  }
  if (reply.addresses.empty()) {  // an alias that leads to a name without such an address
    return {.kind = DnsReply::Kind::no_address};
  }
  return reply;
}

DnsReply read_reply(Family family, int status, const unsigned char* message, int size) {
  const auto negative = [&](DnsReply::Kind kind) {
    std::optional<Duration> ttl;
    if (message != nullptr && size > 0) {
      const std::string bytes(message, message + size);
      ttl = negative_ttl(bytes);
    }
    return DnsReply{.kind = kind, .ttl = ttl.value_or(Duration::zero())};
  };
  switch (status) {
    case ARES_SUCCESS:
      return read_addresses(family, message, size);
    case ARES_ENOTFOUND:
      return negative(DnsReply::Kind::no_name);
    case ARES_ENODATA:
      return negative(DnsReply::Kind::no_address);
    case ARES_EBADNAME:
      return {.kind = DnsReply::Kind::no_name, .detail = "not a name that DNS can hold"};
    case ARES_ETIMEOUT:
      return {.kind = DnsReply::Kind::silent};
    case ARES_ECONNREFUSED:
      return {.kind = DnsReply::Kind::silent,
              .detail = "nothing listens at the resolver's port, or there is no route to it"};
    case ARES_ESERVFAIL:
      return {.kind = DnsReply::Kind::failed,
              .detail = "the resolver answered SERVFAIL",
              .heard = true};
    case ARES_EREFUSED:
      return {
          .kind = DnsReply::Kind::failed, .detail = "the resolver answered REFUSED", .heard = true};
    case ARES_EFORMERR:
    case ARES_ENOTIMP:
      return {.kind = DnsReply::Kind::failed, .detail = ares_strerror(status), .heard = true};
    default:
      return {.kind = DnsReply::Kind::failed, .detail = ares_strerror(status), .undelivered = true};
  }
}

// `name` as a question has it, without the root at its end: search domains may follow.
std::string wire_name(std::string_view name) {
  std::string wire;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    wire += static_cast<char>(label.size());
    wire += ascii_lower(label);
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  return wire;
}

constexpr size_t kHeaderBytes = 12;  // RFC 1035 4.1.1; the third has QR and TC

bool is_cut_answer(std::string_view message) {
  return message.size() > kHeaderBytes && (static_cast<uint8_t>(message[2]) & 0x82U) == 0x82U;
}

// One channel of c-ares with its sockets on our loop.
class Handle {
 public:
  // `on_datagram` sees what comes by UDP: c-ares does not tell why it goes on by TCP.
  Handle(ProbeIo& io, const Clock& clock, std::function<void(std::string_view)> on_datagram)
      : io_(io), clock_(clock), on_datagram_(std::move(on_datagram)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (channel_ != nullptr) {
      ares_destroy(channel_);  // ends our watches through on_socket_state, then closes the sockets
    }
    if (library_ready_) {
      ares_library_cleanup();
    }
  }

  Result<void> open(const std::vector<SocketAddress>& servers, int flags);
  void search(const std::string& name, Family family, ares_callback callback, void* argument);
  void drive(SteadyTime now);
  [[nodiscard]] SteadyTime next_deadline() const { return timer_at_; }
  [[nodiscard]] std::vector<SocketAddress> servers() const;

 private:
  static ares_ssize_t receive(ares_socket_t socket, void* to, size_t size, int flags,
                              sockaddr* from, ares_socklen_t* from_size, void* self);
  static void on_socket_state(void* self, ares_socket_t socket, int readable, int writable);
  Result<void> use_servers(const std::vector<SocketAddress>& servers);

  ProbeIo& io_;
  const Clock& clock_;
  std::function<void(std::string_view)> on_datagram_;
  bool library_ready_ = false;
  ares_channel channel_ = nullptr;
  SteadyTime timer_at_ = kNever;
};

Result<void> Handle::open(const std::vector<SocketAddress>& servers, int flags) {
  if (const int status = ares_library_init(ARES_LIB_INIT_ALL); status != ARES_SUCCESS) {
    return std::unexpected(cares_error("starting the DNS library", status));
  }
  library_ready_ = true;
  ares_options options{};
  options.flags = flags | ARES_FLAG_NOALIASES | (servers.empty() ? 0 : ARES_FLAG_NOSEARCH);
  options.timeout = kFirstTryMs;
  options.tries = kTries;
  options.sock_state_cb = on_socket_state;
  options.sock_state_cb_data = this;
  const int chosen = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
  if (const int status = ares_init_options(&channel_, &options, chosen); status != ARES_SUCCESS) {
    channel_ = nullptr;
    return std::unexpected(cares_error("reading the resolver's settings", status));
  }
  static constexpr ares_socket_functions kSockets = {
      .asocket =
          [](int domain, int type, int protocol, void*) {
            return ::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
          },
      .aclose = [](ares_socket_t socket, void*) { return ::close(socket); },
      .aconnect = [](ares_socket_t socket, const sockaddr* to, ares_socklen_t size,
                     void*) { return ::connect(socket, to, size); },
      .arecvfrom = receive,
      .asendv = [](ares_socket_t socket, const iovec* parts, int count, void*) -> ares_ssize_t {
        return ::writev(socket, parts, count);
      },
  };
  ares_set_socket_functions(channel_, &kSockets, this);
  return servers.empty() ? Result<void>() : use_servers(servers);
}

// Only by UDP does c-ares ask for the sender.
ares_ssize_t Handle::receive(ares_socket_t socket, void* to, size_t size, int flags, sockaddr* from,
                             ares_socklen_t* from_size, void* self) {
  const ssize_t count = ::recvfrom(socket, to, size, flags, from, from_size);
  if (count > 0 && from != nullptr) {
    static_cast<Handle*>(self)->on_datagram_(
        {static_cast<const char*>(to), static_cast<size_t>(count)});
  }
  return count;
}

Result<void> Handle::use_servers(const std::vector<SocketAddress>& servers) {
  std::vector<ares_addr_port_node> nodes(servers.size());
  for (size_t i = 0; i < servers.size(); ++i) {
    const SocketAddress& server = servers[i];
    nodes[i].next = i + 1 < servers.size() ? &nodes[i + 1] : nullptr;
    nodes[i].family = server.ip.family == Family::v4 ? AF_INET : AF_INET6;
    std::memcpy(&nodes[i].addr, server.ip.bytes.data(), server.ip.family == Family::v4 ? 4 : 16);
    nodes[i].udp_port = server.port;
    nodes[i].tcp_port = server.port;
  }
  if (const int status = ares_set_servers_ports(channel_, nodes.data()); status != ARES_SUCCESS) {
    return std::unexpected(cares_error("setting the DNS servers", status));
  }
  return {};
}

std::vector<SocketAddress> Handle::servers() const {
  std::vector<SocketAddress> found;
  ares_addr_port_node* nodes = nullptr;
  if (ares_get_servers_ports(channel_, &nodes) != ARES_SUCCESS) {
    return found;
  }
  for (const ares_addr_port_node* node = nodes; node != nullptr; node = node->next) {
    SocketAddress& server = found.emplace_back();
    server.ip.family = node->family == AF_INET ? Family::v4 : Family::v6;
    server.port = node->udp_port == 0 ? kDnsPort : static_cast<uint16_t>(node->udp_port);
    std::memcpy(server.ip.bytes.data(), &node->addr, node->family == AF_INET ? 4 : 16);
  }
  ares_free_data(nodes);
  return found;
}

void Handle::on_socket_state(void* self, ares_socket_t socket, int readable, int writable) {
  auto* handle = static_cast<Handle*>(self);
  handle->io_.watch(socket, readable != 0, writable != 0, [handle, socket](bool read, bool write) {
    ares_process_fd(handle->channel_, read ? socket : ARES_SOCKET_BAD,
                    write ? socket : ARES_SOCKET_BAD);
  });
}

void Handle::search(const std::string& name, Family family, ares_callback callback,
                    void* argument) {
  timer_at_ = std::min(timer_at_, clock_.steady_now() + std::chrono::milliseconds(kFirstTryMs));
  ares_search(channel_, name.c_str(), kClassInternet, family == Family::v4 ? kTypeA : kTypeAaaa,
              callback, argument);
}

void Handle::drive(SteadyTime now) {
  if (now < timer_at_) {
    return;
  }
  ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  timeval left{};
  const bool waits = ares_timeout(channel_, nullptr, &left) != nullptr;
  const Duration wait = std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
  timer_at_ = waits ? now + wait + 1ms : kNever;  // our clock and c-ares' may differ by a little
}

// c-ares either takes a SERVFAIL as the last word, or tries the other servers and then forgets why
// it failed ("connection refused"). We want both: `first_` takes what it gets; when that is a
// failure and there are other servers, `others_` asks around.
class Channel final : public CaresChannel {
 public:
  Channel(ProbeIo& io, const Clock& clock)
      : first_(io, clock, [this](std::string_view message) { on_datagram(message); }),
        others_(io, clock, [this](std::string_view message) { on_datagram(message); }) {}

  Result<void> open(const std::vector<std::string>& servers);
  void query(const std::string& name, Family family, Done done) override;
  [[nodiscard]] bool needs_tcp(const std::string& name) const override {
    return std::ranges::any_of(open_, [&](const Question* question) {
      return question->is_cut && question->name == name;
    });
  }
  void drive(SteadyTime now) override {
    first_.drive(now);
    others_.drive(now);
  }
  [[nodiscard]] SteadyTime next_deadline() const override {
    return std::min(first_.next_deadline(), others_.next_deadline());
  }
  [[nodiscard]] const std::string& servers() const override { return servers_text_; }

 private:
  // Owned by c-ares while it works on it: it calls back for every query, at the latest from
  // ares_destroy.
  struct Question {
    Channel* channel;
    std::string name;
    Family family;
    Done done;
    std::optional<DnsReply> first_failure;
    bool is_cut = false;  // the answer by UDP was, so TCP is needed
  };
  void on_datagram(std::string_view message);
  static void on_reply(void* question, int status, int timeouts, unsigned char* message, int size);

  std::set<Question*> open_;
  Handle first_;
  Handle others_;
  bool has_others_ = false;
  std::string servers_text_;
};

Result<void> Channel::open(const std::vector<std::string>& servers) {
  std::vector<SocketAddress> addresses;
  for (const std::string& text : servers) {
    const Result<SocketAddress> server = parse_server(text);
    if (!server) {
      return std::unexpected(server.error());
    }
    addresses.push_back(*server);
  }
  for (const auto& [handle, flags] :
       {std::pair(&first_, ARES_FLAG_NOCHECKRESP), std::pair(&others_, 0)}) {
    if (const Result<void> opened = handle->open(addresses, flags); !opened) {
      return opened;
    }
  }
  const std::vector<SocketAddress> used = first_.servers();
  has_others_ = used.size() > 1;
  for (const SocketAddress& server : used) {
    servers_text_ += (servers_text_.empty() ? "" : ", ") + server.text();
  }
  return {};
}

void Channel::query(const std::string& name, Family family, Done done) {
  auto question = std::make_unique<Question>(Question{this, name, family, std::move(done), {}});
  open_.insert(question.get());
  first_.search(name, family, on_reply, question.release());
}

void Channel::on_datagram(std::string_view message) {
  if (!is_cut_answer(message)) {
    return;
  }
  const std::string asked = ascii_lower(message.substr(kHeaderBytes));
  for (Question* question : open_) {
    question->is_cut = question->is_cut || asked.starts_with(wire_name(question->name));
  }
}

void Channel::on_reply(void* pointer, int status, int, unsigned char* message, int size) {
  std::unique_ptr<Question> question(static_cast<Question*>(pointer));
  if (status == ARES_EDESTRUCTION) {
    return;
  }
  question->channel->open_.erase(question.get());
  DnsReply reply = read_reply(question->family, status, message, size);
  if (question->is_cut && reply.kind == DnsReply::Kind::silent) {
    reply.undelivered = true;
    reply.detail = status == ARES_ECONNREFUSED
                       ? "it answered by UDP that the answer needs TCP, and "
                         "its TCP port refuses"
                       : kNothingByTcp;
  }
  if (question->first_failure && !reply.is_useful()) {
    question->done(*question->first_failure);
  } else if (reply.is_useful() || reply.kind == DnsReply::Kind::silent ||
             !question->channel->has_others_) {
    question->done(reply);
  } else {
    question->first_failure = reply;
    Handle& others = question->channel->others_;
    const std::string name = question->name;
    const Family family = question->family;
    question->channel->open_.insert(question.get());
    others.search(name, family, on_reply, question.release());
  }
}

}  // namespace

Result<std::unique_ptr<CaresChannel>> CaresChannel::make(ProbeIo& io, const Clock& clock,
                                                         const std::vector<std::string>& servers) {
  auto channel = std::make_unique<Channel>(io, clock);
  if (const Result<void> opened = channel->open(servers); !opened) {
    return std::unexpected(opened.error());
  }
  return channel;
}

}  // namespace tocsin
