// ApiClient: one request to the server's API and its answer, over TCP or the local socket. libcurl
// is known to its source only.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/server_address.h"

namespace tocsin::cli {

struct ApiReply {
  long status = 0;
  std::string content_type;
  std::string body;
};

class ApiClient {
 public:
  explicit ApiClient(ServerAddress server) : server_(std::move(server)) {}

  // `path` begins with a slash and is escaped already; `body` is JSON, empty: none. Any status is
  // an answer; the error `unavailable` means that none came.
  [[nodiscard]] Result<ApiReply> call(std::string_view method, const std::string& path,
                                      const std::string& body = {}) const;

 private:
  ServerAddress server_;
};

// Everything but letters, digits, '-', '_', '.', '~' becomes %XX.
std::string query_escape(std::string_view text);

}  // namespace tocsin::cli
