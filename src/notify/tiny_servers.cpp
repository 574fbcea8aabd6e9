#include "notify/tiny_servers.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/check.h"

namespace tocsin {

TinyServer::TinyServer(std::function<void(int)> serve)
    : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  CHECK(::bind(listener_.get(), generic, length) == 0 && ::listen(listener_.get(), 16) == 0 &&
            ::getsockname(listener_.get(), generic, &length) == 0,
        "a test can listen on 127.0.0.1");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

TinyServer::~TinyServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    if (connection_ >= 0) {
      ::shutdown(connection_, SHUT_RDWR);
    }
  }
  thread_.join();
}

void TinyServer::run() {
  while (true) {
    const UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || !connection.valid()) {
        return;
      }
      connection_ = connection.get();
    }
    serve_(connection.get());
    const std::lock_guard lock(mutex_);
    connection_ = -1;
  }
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool wait_for_close(int fd) {
  char buffer[4096];
  while (::recv(fd, buffer, sizeof buffer, 0) > 0) {
  }
  return true;
}

TinyHttpServer::TinyHttpServer(std::function<void(int)> reply)
    : reply_(std::move(reply)), server_([this](int fd) { serve(fd); }) {}

TinyHttpServer::TinyHttpServer(std::string reply)
    : TinyHttpServer(
          [bytes = std::move(reply)](int fd) { static_cast<void>(write_all(fd, bytes)); }) {}

std::string TinyHttpServer::url(std::string_view path) const {
  return fmt::format("http://127.0.0.1:{}{}", server_.port(), path);
}

std::vector<std::string> TinyHttpServer::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void TinyHttpServer::serve(int fd) {
  std::string request;
  char buffer[4096];
  while (true) {
    const size_t head = request.find("\r\n\r\n");
    if (head != std::string::npos) {
      const size_t at = request.find("Content-Length: ");
      const size_t length = at < head ? std::stoul(request.substr(at + 16)) : 0;
      if (request.size() >= head + 4 + length) {
        break;
      }
    }
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) {
      return;
    }
    request.append(buffer, static_cast<size_t>(got));
  }
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
  }
  reply_(fd);
}

TinySmtpServer::TinySmtpServer(std::map<std::string, std::string> replies)
    : replies_(std::move(replies)), server_([this](int fd) { serve(fd); }) {}

std::vector<std::string> TinySmtpServer::lines() {
  const std::lock_guard lock(mutex_);
  return lines_;
}

std::string TinySmtpServer::reply_to(const std::string& word) {
  const auto found = replies_.find(word);
  if (found != replies_.end()) {
    return found->second;
  }
  return word == "BANNER" ? "220 tiny ESMTP"
         : word == "DATA" ? "354 go"
         : word == "QUIT" ? "221 bye"
                          : "250 ok";
}

void TinySmtpServer::serve(int fd) {
  std::string received;
  bool in_message = false;
  const auto answer = [&](const std::string& word) {
    const std::string reply = reply_to(word);
    return reply.empty() || write_all(fd, reply + "\r\n");
  };
  if (!answer("BANNER")) {
    return;
  }
  char buffer[4096];
  while (true) {
    const size_t end = received.find("\r\n");
    if (end == std::string::npos) {
      const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) {
        return;
      }
      received.append(buffer, static_cast<size_t>(got));
      continue;
    }
    const std::string line = received.substr(0, end);
    received.erase(0, end + 2);
    {
      const std::lock_guard lock(mutex_);
      lines_.push_back(line);
    }
    if (in_message && line != ".") {
      continue;
    }
    const std::string word = in_message ? "DATA END" : line.substr(0, line.find(' '));
    in_message = !in_message && word == "DATA" && reply_to("DATA").starts_with("354");
    if (!answer(word) || (word == "QUIT" && !reply_to(word).empty())) {
      return;
    }
  }
}

}  // namespace tocsin
