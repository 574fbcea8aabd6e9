// Which server a command talks to and with which token, from flags and environment.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace tocsin::cli {

struct ServerAddress {
  std::string url;               // without a slash at the end
  std::filesystem::path socket;  // not empty: over this unix socket, without a token
  std::string token;             // may be empty

  // What is really asked, for messages: the socket's path or the URL.
  [[nodiscard]] std::string text() const { return socket.empty() ? url : socket.string(); }
  // What to do when nobody answers there.
  [[nodiscard]] std::string hint() const;
};

// --server, --token-file, --data.
std::vector<FlagSpec> server_flags();
// --data wins over --server, that over TOCSIN_SERVER; --token-file over TOCSIN_TOKEN over
// TOCSIN_TOKEN_FILE. A token is never taken from an argument, where every user of the machine could
// read it.
Result<ServerAddress> read_server_address(const Arguments& arguments,
                                          const Environment& environment);

}  // namespace tocsin::cli
