// HttpLoop: what all connections of one server share: the event loop, the limits, the counts.
// Private to the two units that know Asio.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "api/connection_count.h"
#include "api/http_server.h"

namespace tocsin {

class HttpSession;

class HttpLoop final : public Mailbox {
 public:
  HttpLoop(const HttpSettings& settings, const Clock& real)
      : limits(settings.limits),
        clock(real),
        count({.all = limits.connections,
               .per_client = limits.connections_per_client,
               .per_proxy = limits.connections_per_proxy},
              settings.trusted_proxies),
        started_(real.system_now()) {}

  void post(std::function<void()> work) override;
  // From now on post drops; what was posted before runs on the calling thread, which is the last to
  // touch the loop.
  void close();
  // "5f0c9e3a1b2c4d6e-1f": one part for this start of the server, one that counts.
  std::string next_request_id();
  // A place for one more of `client`, if need be that of a connection which says nothing. False:
  // there is none; nothing is counted then.
  [[nodiscard]] bool enter(const IpAddress& client);
  // Takes a connection out and, when it was the last of a stopping server, lets the loop end.
  void leave(const std::shared_ptr<HttpSession>& session);

  // Declared first: sockets and timers of everything below live in it.
  boost::asio::io_context context{1};
  const HttpLimits limits;
  const Clock& clock;
  HttpServer::Handle handle;
  ConnectionCount count;
  size_t local_connections = 0;
  bool is_draining = false;
  std::function<void()> on_empty;  // while draining: no connection is left
  std::set<std::shared_ptr<HttpSession>> sessions;

 private:
  SystemTime started_;
  [[nodiscard]] bool make_room(const IpAddress& client);

  uint64_t requests_ = 0;
  std::mutex mutex_;
  bool is_closed_ = false;
};

}  // namespace tocsin
