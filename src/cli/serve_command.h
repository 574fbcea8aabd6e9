// tocsin serve: the flags of the server. What it does is wired in apps/tocsin.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "cli/command.h"

namespace tocsin::cli {

struct ServeOptions {
  std::vector<std::filesystem::path> config;
  std::filesystem::path data;
  std::vector<SocketAddress> listen;
  std::string public_url;  // empty: the configuration's, else http://LISTEN
  bool json_log = false;
  bool forget_secrets = false;  // of channels made over the API, where their key is lost
};

Result<ServeOptions> read_serve_options(const Arguments& arguments);
CommandSpec serve_command();

}  // namespace tocsin::cli
