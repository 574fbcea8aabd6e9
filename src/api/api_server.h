// ApiServer: the API as apps/ wires it: HTTP server, routes, tokens.
//
// Order of life: open (binds; a port in use is known before anything else starts), start, stop.
// Stop it before the engine's loop ends, and destroy it after: work of its making may still lie in
// the engine's mailbox.
#pragma once

#include <memory>
#include <vector>

#include "api/http_server.h"
#include "api/services.h"
#include "ports/feed.h"

namespace tocsin {

class ApiServer {
 public:
  class Impl;
  explicit ApiServer(std::unique_ptr<Impl> impl);  // for open()
  static Result<std::unique_ptr<ApiServer>> open(const HttpSettings& settings, const Clock& clock);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  // Loads tokens, users and sessions and begins to answer. Once, after Store::load.
  Result<void> start(ApiServices services);
  [[nodiscard]] const std::vector<SocketAddress>& addresses() const;
  // For the engine, from the start: what it tells goes to the clients of GET events.
  [[nodiscard]] Feed& feed();
  // Who opens it may make the first user; for the person who started the server, and for no log.
  // Empty: there was a user at start(). Stands after start().
  [[nodiscard]] const std::string& setup_link() const;
  void stop();

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin
