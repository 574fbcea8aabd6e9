// HttpServer: moves requests and answers over TCP and the local socket, on a thread of its own,
// within the limits of base/limits.h. It knows no routes: each request goes to one function, which
// answers through its Respond, now or later, from any thread.
//
// HTTP/1.1 only and strict (http_head.h); TLS and HTTP/2 are a reverse proxy's. A client's word
// about its address is not believed (X-Forwarded-For is an ordinary header).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "api/message.h"
#include "base/limits.h"
#include "base/result.h"
#include "ports/clock.h"
#include "ports/mailbox.h"
#include "ports/reach.h"

namespace tocsin {

struct HttpLimits {
  size_t header_bytes = kHttpHeaderBytesMax;
  size_t body_bytes = kHttpBodyBytesMax;
  Duration header_time =
      kHttpHeaderTime;  // first byte to end of head; also the first byte of a connection
  Duration idle_time =
      kHttpIdleTime;  // between requests; for a whole body; for one answer to leave
  Duration answer_time =
      kTimeoutMax + 30s;     // for a handler; a probe for the caller takes up to kTimeoutMax
  Duration drain_time = 5s;  // at stop, for answers under way
  size_t connections = kHttpConnectionsMax;
  size_t connections_per_client = 100;                     // one IPv4 address or IPv6 /64
  size_t connections_per_proxy = kHttpConnectionsMax / 2;  // loopback or a trusted proxy
  // No place is left: who has said nothing for so long, and longest of all, makes room.
  Duration silent_time = 1s;
  size_t local_connections =
      100;  // of the local socket, counted apart: the operator always gets in
};

struct HttpSettings {
  std::vector<SocketAddress> listen;   // TCP; port 0 takes a free one
  std::filesystem::path local_socket;  // DIR/tocsin.sock; empty: none
  HttpLimits limits;
  std::vector<Cidr> trusted_proxies;  // each stands for all its readers
};

class HttpServer {
 public:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);  // for open()
  // On the server's thread. May be called again before it has answered (other connections).
  using Handle = std::function<void(ApiRequest request, Respond respond)>;

  // Binds everything; nothing is accepted yet. busy: a port is in use (the message names it).
  static Result<std::unique_ptr<HttpServer>> open(const HttpSettings& settings, const Clock& clock);
  // Stops. A Respond that was not called by then may be called or dropped at any later time.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Starts the thread. Once.
  void serve(Handle handle);
  // As bound, in the order of the settings.
  [[nodiscard]] const std::vector<SocketAddress>& addresses() const;
  // The way onto the server's thread.
  [[nodiscard]] Mailbox& mailbox();
  // Accepts no more, lets answers under way leave (drain_time), ends the thread. From any thread
  // but its own; twice is fine.
  void stop();

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin
