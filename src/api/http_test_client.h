// A raw client for tests of the HTTP server: sends exactly the bytes it is given and reads what
// comes. Every wait ends within some seconds.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

#include "base/address.h"
#include "base/unique_fd.h"

namespace tocsin {

class RawClient {
 public:
  explicit RawClient(const SocketAddress& server)
      : fd_(::socket(server.is_unix()                 ? AF_UNIX
                     : server.ip.family == Family::v4 ? AF_INET
                                                      : AF_INET6,
                     SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;  // small packets leave at once: tests send requests in pieces
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_storage storage{};
    const socklen_t length = server.to_sockaddr(storage);
    is_connected_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&storage), length) == 0;
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }

  // False when the server has closed meanwhile.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // One answer: head and as many bytes of body as its Content-Length says (none for `of_head`).
  // Empty: closed, or nothing came in time.
  std::string read_answer(bool of_head = false) {
    size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) {
        return {};
      }
    }
    const size_t at = received_.find("Content-Length: ");
    const size_t body = at < end && !of_head ? std::stoul(received_.substr(at + 16)) : 0;
    while (received_.size() < end + 4 + body && read_more()) {
    }
    std::string answer = received_.substr(0, end + 4 + body);
    received_.erase(0, answer.size());
    return answer;
  }

  // Everything up to and with `text`; less when the server closes or nothing came in time.
  std::string read_until(std::string_view text) {
    while (received_.find(text) == std::string::npos && read_more()) {
    }
    const size_t at = received_.find(text);
    std::string read = received_.substr(0, at == std::string::npos ? at : at + text.size());
    received_.erase(0, read.size());
    return read;
  }

  // Everything until the server closes.
  std::string read_all() {
    while (read_more()) {
    }
    return std::move(received_);
  }

  // True when the server closed the connection and nothing else came.
  bool is_closed_by_server() { return !read_more() && has_ended_ && received_.empty(); }

 private:
  static constexpr int kPatienceMs = 5000;  // only a broken server makes a test wait so long

  bool read_more() {
    pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kPatienceMs) <= 0) {
      return false;
    }
    char buffer[16384];
    const ssize_t got = ::recv(fd_.get(), buffer, sizeof(buffer), 0);
    if (got <= 0) {
      has_ended_ = true;
      return false;
    }
    received_.append(buffer, static_cast<size_t>(got));
    return true;
  }

  UniqueFd fd_;
  bool is_connected_ = false;
  bool has_ended_ = false;
  std::string received_;
};

}  // namespace tocsin
