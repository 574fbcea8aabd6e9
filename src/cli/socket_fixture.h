// For tests: a server on a local socket that gives one canned answer, ours to trust or not.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "base/unique_fd.h"

namespace tocsin::cli {

// A server on the local socket of `data` that gives one answer.
class OneAnswer {
 public:
  OneAnswer(const std::filesystem::path& data, const std::string& status, const std::string& body)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const std::string path = data / "tocsin.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    EXPECT_LT(path.size(), sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_.get(), 1), 0);
    thread_ = std::thread([this, status, body] {
      const UniqueFd client(::accept(fd_.get(), nullptr, nullptr));
      std::string request(4096, '\0');
      request.resize(static_cast<size_t>(
          std::max<ssize_t>(0, ::recv(client.get(), request.data(), request.size(), 0))));
      request_ = request.substr(0, request.find('\r'));
      const std::string reply =
          "HTTP/1.1 " + status +
          "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
          "\r\n\r\n" + body;
      static_cast<void>(::send(client.get(), reply.data(), reply.size(), MSG_NOSIGNAL));
    });
  }
  ~OneAnswer() { asked(); }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  std::string asked() {
    if (thread_.joinable()) {
      thread_.join();
    }
    return request_;
  }

 private:
  UniqueFd fd_;
  std::string request_;
  std::thread thread_;
};

}  // namespace tocsin::cli
