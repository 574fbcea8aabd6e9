// ApiRequest and ApiResponse: what a handler sees and gives, plain values. No handler knows
// sockets, and none may block.
//
// A handler answers by calling its Respond exactly once, from any thread, now or later: the engine
// answers on its own loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace tocsin {

class BodySource;  // body_source.h

// What a caller may do; each includes the ones before it. `none` is a caller without credentials,
// and a route open to all.
enum class Scope : uint8_t { none, read, write, admin };
std::string_view scope_name(Scope scope);
std::optional<Scope> scope_from_name(
    std::string_view name);  // "read", "write", "admin"; never none

// Somebody who signed in, and came with the cookie of that session.
struct SignedIn {
  std::string user;
  std::string session_hash;
  std::string csrf_token;  // what unsafe methods must bring along
  SystemTime expires{};
};

struct Caller {
  Scope scope = Scope::none;
  std::string id;    // token id, "user NAME" or "local"; what limits are counted by
  std::string name;  // for people: the token's name, the user's, "local user 1000"
  bool is_local_socket = false;
  std::optional<SignedIn> session = {};  // came by cookie
};

using NamedValue = std::pair<std::string, std::string>;

struct ApiRequest {
  std::string method;               // as sent; HEAD stays HEAD
  std::string target;               // as sent: path and query, percent-encoded
  std::vector<NamedValue> headers;  // names in lower case, in order
  std::string body;
  SocketAddress peer;  // behind a trusted proxy the client that it names (client_address.h)
  std::optional<uint32_t>
      local_user;  // uid at the other end of the local socket, already found fit
  std::string request_id;

  // Filled on the way to the handler (router, auth).
  std::vector<std::string> segments;  // of the path, decoded
  std::vector<NamedValue> query;      // decoded; only names the route knows, each once
  std::vector<std::string> captures;  // what the {braces} of the route matched
  Caller caller;

  // First header of this lower-case name; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
};

struct ApiResponse {
  int status = 200;
  std::vector<NamedValue> headers;  // beside those every answer carries (http_reply.h)
  std::string content_type = "application/json";
  std::string body;
  // Not empty: the body is made while it is sent, and `body` is not looked at. Shared, because
  // responses are copied on their way; only the session uses it. Dropped unused for HEAD.
  std::shared_ptr<BodySource> stream;
};

using Respond = std::function<void(ApiResponse)>;

}  // namespace tocsin
