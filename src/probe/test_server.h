// For tests: one TCP server on loopback with a thread of its own, that behaves as its script says
// and tells what it saw.
#pragma once

#include <sys/socket.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/address.h"
#include "base/unique_fd.h"
#include "probe/test_certificates.h"
#include "probe/test_tls_server.h"

namespace tocsin {

struct PeerScript {
  std::string says;     // at once
  std::string answers;  // to the first bytes that come
  enum class Then : uint8_t { wait_for_end, close, reset, flood };
  Then then = Then::wait_for_end;                   // after saying and answering
  std::optional<TestCertificate> identity;          // speaks TLS
  std::optional<TestCertificate> client_authority;  // and wants a certificate signed by it
  bool chokes_on_sessions = false;                  // resets whoever wants to resume one
  std::string host = "127.0.0.1";
};

// Of the connections that have ended.
struct PeerReport {
  size_t ended = 0;
  size_t ended_by_reset = 0;
  size_t resumed = 0;  // TLS sessions
  std::string received;
};

// Lets clients in and never says anything; one that is full answers no SYN any more.
class TestListener {
 public:
  explicit TestListener(bool is_full = false);
  [[nodiscard]] UniqueFd accept() const {
    return UniqueFd(::accept(listener_.get(), nullptr, nullptr));
  }
  [[nodiscard]] SocketAddress address() const { return address_; }

 private:
  SocketAddress address_;
  UniqueFd listener_;
  std::vector<UniqueFd> clients_;
};

class TestServer {
 public:
  explicit TestServer(PeerScript script);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] SocketAddress address() const { return address_; }
  [[nodiscard]] PeerReport report() const;

 private:
  void serve();
  void talk(int connection, std::optional<TestTlsServer>& tls);
  bool read_some(int connection, std::string& bytes);

  PeerScript script_;
  SocketAddress address_;
  UniqueFd listener_;
  UniqueFd stop_read_, stop_write_;
  mutable std::mutex mutex_;
  PeerReport report_;
  std::optional<TestTlsServer> first_tls_;  // sessions of one connection are resumed in the next
  std::thread thread_;
};

// A port on which nobody listens: it was bound once and is not any more.
SocketAddress closed_loopback_port();

}  // namespace tocsin
