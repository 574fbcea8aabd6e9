#include "cli/server_address.h"

#include <fmt/format.h>

#include <array>
#include <fstream>

#include "base/bytes.h"

namespace tocsin::cli {
namespace {

constexpr const char* kDefaultServer = "http://127.0.0.1:8400";
constexpr size_t kTokenFileBytesMax = 4096;  // a token has 56

Result<std::string> token_from_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, kTokenFileBytesMax + 1> buffer{};
  file.read(buffer.data(), buffer.size());
  const auto bytes = static_cast<size_t>(file.gcount());
  if (!file.is_open() || file.bad()) {
    return fail(ErrorKind::invalid_input, fmt::format("the token file {} cannot be read", path));
  }
  std::string token(buffer.data(), bytes);
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  const bool odd = token.find_first_of(" \t\r\n") != std::string::npos;
  if (token.empty() || bytes > kTokenFileBytesMax || odd) {
    return fail(ErrorKind::invalid_input,
                fmt::format("the token file {} must hold one token and nothing else", path));
  }
  return token;
}

Result<std::string> read_token(const Arguments& arguments, const Environment& environment) {
  if (const auto path = arguments.value("token-file")) {
    return token_from_file(*path);
  }
  if (const auto token = environment("TOCSIN_TOKEN"); token && !token->empty()) {
    return *token;
  }
  if (const auto path = environment("TOCSIN_TOKEN_FILE"); path && !path->empty()) {
    return token_from_file(*path);
  }
  return std::string();
}

// `source` is the flag or variable that it was written in.
Result<std::string> read_url(std::string_view source, std::string url) {
  const size_t scheme = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
  const size_t end = url.find_last_not_of('/') + 1;
  if (scheme == 0 || end <= scheme || url.find(' ') != std::string::npos) {
    return fail(ErrorKind::invalid_input,
                fmt::format("{} must be an address such as {}, got '{}'", source, kDefaultServer,
                            escape_for_display(url, 200)));
  }
  url.erase(end);
  return url;
}

Result<std::string> server_url(const Arguments& arguments, const Environment& environment) {
  if (const auto url = arguments.value("server")) {
    return read_url("--server", *url);
  }
  if (const auto url = environment("TOCSIN_SERVER"); url && !url->empty()) {
    return read_url("TOCSIN_SERVER", *url);
  }
  return kDefaultServer;
}

}  // namespace

std::string ServerAddress::hint() const {
  if (!socket.empty()) {
    return fmt::format(
        "start it: tocsin serve --config PATH --data {}; or ask another: --server URL",
        socket.parent_path().string());
  }
  return "start one: tocsin serve --config PATH --data DIR; or say where it is: --data DIR on this "
         "machine, --server URL elsewhere";
}

std::vector<FlagSpec> server_flags() {
  return {
      {.name = "server",
       .value = "URL",
       .help = "The server to ask (TOCSIN_SERVER; http://127.0.0.1:8400)"},
      {.name = "token-file",
       .value = "FILE",
       .help = "Holds the API token (TOCSIN_TOKEN, TOCSIN_TOKEN_FILE)"},
      {.name = "data",
       .value = "DIR",
       .help = "Ask the server that runs on this folder; no token needed"},
  };
}

Result<ServerAddress> read_server_address(const Arguments& arguments,
                                          const Environment& environment) {
  if (const auto data = arguments.value("data")) {
    if (arguments.has("server")) {
      return fail(ErrorKind::invalid_input, "--data and --server exclude each other");
    }
    return ServerAddress{.url = "http://localhost",
                         .socket = std::filesystem::path(*data) / "tocsin.sock"};
  }
  const auto url = server_url(arguments, environment);
  if (!url) {
    return std::unexpected(url.error());
  }
  const auto token = read_token(arguments, environment);
  if (!token) {
    return std::unexpected(token.error());
  }
  return ServerAddress{.url = *url, .token = *token};
}

}  // namespace tocsin::cli
