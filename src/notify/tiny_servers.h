// Receivers for tests: a tiny HTTP and a tiny SMTP server on 127.0.0.1, port chosen by the system,
// one connection after the other on a thread of their own. They do what the test says, right or
// wrong.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"

namespace tocsin {

// Accepts and hands each connection to `serve` on its thread. The destructor shuts the connection
// down and joins.
class TinyServer {
 public:
  explicit TinyServer(std::function<void(int fd)> serve);
  ~TinyServer();
  TinyServer(const TinyServer&) = delete;
  TinyServer& operator=(const TinyServer&) = delete;
  [[nodiscard]] uint16_t port() const { return port_; }

 private:
  void run();
  std::function<void(int)> serve_;
  UniqueFd listener_;
  uint16_t port_ = 0;
  std::mutex mutex_;
  int connection_ = -1;    // guarded
  bool stopping_ = false;  // guarded
  std::thread thread_;
};

bool write_all(int fd, std::string_view bytes);  // false: the peer is gone
bool wait_for_close(int fd);                     // reads and drops until the peer closes

class TinyHttpServer {
 public:
  // `reply` is called when the request came whole.
  explicit TinyHttpServer(std::function<void(int fd)> reply);
  // Answers everything with these bytes.
  explicit TinyHttpServer(std::string reply);
  [[nodiscard]] std::string url(std::string_view path = "/") const;
  [[nodiscard]] uint16_t port() const { return server_.port(); }
  [[nodiscard]] std::vector<std::string> requests();

 private:
  void serve(int fd);
  std::function<void(int)> reply_;
  std::mutex mutex_;
  std::vector<std::string> requests_;  // guarded
  TinyServer server_;
};

// Replies by first word of the command; "DATA END" is the reply behind the message, "BANNER" the
// greeting. An empty reply: silence.
class TinySmtpServer {
 public:
  explicit TinySmtpServer(std::map<std::string, std::string> replies);
  [[nodiscard]] uint16_t port() const { return server_.port(); }
  [[nodiscard]] std::vector<std::string>
  lines();  // all lines the client sent, the message's included

 private:
  void serve(int fd);
  std::string reply_to(const std::string& word);
  std::map<std::string, std::string> replies_;
  std::mutex mutex_;
  std::vector<std::string> lines_;  // guarded
  TinyServer server_;
};

}  // namespace tocsin
