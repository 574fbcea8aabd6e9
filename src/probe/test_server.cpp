#include "probe/test_server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/check.h"
#include "probe/test_tls_server.h"

namespace tocsin {
namespace {

UniqueFd listen_on(const std::string& host, SocketAddress& address) {
  address = {.ip = IpAddress::parse(host).value(), .port = 0};
  sockaddr_storage storage{};
  socklen_t length = address.to_sockaddr(storage);
  UniqueFd fd(::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  CHECK(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&storage), length) == 0,
        "a test can bind to loopback");
  CHECK(::listen(fd.get(), 64) == 0, "a test can listen");
  length = sizeof storage;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&storage), &length);
  address = SocketAddress::from_sockaddr(storage, length);
  return fd;
}

void send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      return;
    }
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void reset(int connection) {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

}  // namespace

TestListener::TestListener(bool is_full) : listener_(listen_on("127.0.0.1", address_)) {
  if (!is_full) {
    return;
  }
  ::listen(listener_.get(), 0);  // one more than none
  sockaddr_storage storage{};
  const socklen_t length = address_.to_sockaddr(storage);
  for (int i = 0; i < 2; ++i) {
    clients_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::connect(clients_.back().get(), reinterpret_cast<const sockaddr*>(&storage), length);
  }
}

TestServer::TestServer(PeerScript script) : script_(std::move(script)) {
  listener_ = listen_on(script_.host, address_);
  std::array<int, 2> ends{};
  CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0, "a test has a pipe");
  stop_read_ = UniqueFd(ends[0]);
  stop_write_ = UniqueFd(ends[1]);
  thread_ = std::thread([this] { serve(); });
}

TestServer::~TestServer() {
  stop_write_.reset();
  thread_.join();
}

PeerReport TestServer::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

void TestServer::serve() {
  while (true) {
    std::array<pollfd, 2> both = {pollfd{listener_.get(), POLLIN, 0},
                                  pollfd{stop_read_.get(), 0, 0}};
    ::poll(both.data(), both.size(), -1);
    if (both[1].revents != 0) {
      return;
    }
    const UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.valid()) {
      std::optional<TestTlsServer> tls;
      if (first_tls_) {
        tls.emplace(*first_tls_);
      } else if (script_.identity) {
        first_tls_.emplace(
            *script_.identity,
            TlsServerWish{.client_authority =
                              script_.client_authority ? &*script_.client_authority : nullptr});
        tls.emplace(*first_tls_);
      }
      talk(connection.get(), tls);
      const std::lock_guard lock(mutex_);
      report_.resumed += tls && tls->established && tls->has_resumed() ? 1 : 0;
    }
  }
}

// Bytes of the client, decrypted if need be. False at the end of the connection or of the test.
bool TestServer::read_some(int connection, std::string& bytes) {
  std::array<pollfd, 2> both = {pollfd{connection, POLLIN, 0}, pollfd{stop_read_.get(), 0, 0}};
  ::poll(both.data(), both.size(), -1);
  std::array<char, 4096> buffer{};
  const ssize_t count =
      both[0].revents == 0 ? -1 : ::recv(connection, buffer.data(), buffer.size(), 0);
  if (count > 0) {
    bytes.assign(buffer.data(), static_cast<size_t>(count));
    return true;
  }
  const bool is_reset = count < 0 && errno == ECONNRESET;
  const std::lock_guard lock(mutex_);
  report_.ended += 1;
  report_.ended_by_reset += is_reset ? 1 : 0;
  return false;
}

void TestServer::talk(int connection, std::optional<TestTlsServer>& tls) {
  const auto say = [&](const std::string& text) {
    send_all(connection, tls ? tls->encrypt(text) : text);
  };
  bool has_greeted = false;
  bool has_answered = script_.answers.empty();
  std::string bytes;
  while (true) {
    if (!has_greeted && (!tls || tls->established) && !script_.says.empty()) {
      has_greeted = true;
      say(script_.says);
    }
    if (has_answered && (!tls || tls->established)) {
      if (script_.then == PeerScript::Then::close) {
        return;
      }
      if (script_.then == PeerScript::Then::reset) {
        reset(connection);
        return;
      }
      if (script_.then == PeerScript::Then::flood) {
        send_all(connection, std::string(1 << 20, 'x'));
      }
    }
    if (!read_some(connection, bytes)) {
      return;
    }
    std::string plain = bytes;
    if (tls) {
      const std::string answer = tls->feed(bytes);
      if (script_.chokes_on_sessions && tls->has_resumed()) {
        reset(connection);
        return;
      }
      send_all(connection, answer);
      plain = std::exchange(tls->plain, {});
    }
    if (!plain.empty()) {
      {
        const std::lock_guard lock(mutex_);
        report_.received += plain;
      }
      if (!std::exchange(has_answered, true)) {
        say(script_.answers);
      }
    }
  }
}

SocketAddress closed_loopback_port() {
  SocketAddress address;
  listen_on("127.0.0.1", address);
  return address;
}

}  // namespace tocsin
