// What the tests of the commands share: golden files, a shell that keeps what is printed, a
// listener on a loopback port.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "base/unique_fd.h"
#include "cli/run_cli.h"

namespace tocsin::cli {

// Compares with tests/golden/cli/NAME.out; UPDATE_GOLDEN=1 writes it instead.
inline void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path path =
      std::filesystem::path(TOCSIN_SOURCE_DIR) / "tests/golden/cli" / (name + ".out");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return;
  }
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << path << " is missing; UPDATE_GOLDEN=1 writes it";
  std::stringstream wanted;
  wanted << file.rdbuf();
  EXPECT_EQ(text, wanted.str()) << "in " << path;
}

// Runs a command line in this process.
struct CliRun {
  std::string in;
  std::map<std::string, std::string> environment = {{"LANG", "C.UTF-8"}};
  std::string out = {}, error = {};
  ExitCode code = ExitCode::ok;
  // What is typed on a terminal, in order; nothing: standard input is none.
  std::optional<std::vector<std::string>> typed = {};

  CliRun& run(const std::vector<std::string>& words) {
    std::istringstream input(in);
    std::ostringstream output, messages;
    Shell shell{.in = input,
                .out = output,
                .error = messages,
                .out_style = {},
                .error_style = {},
                .environment =
                    [this](const std::string& name) {
                      const auto found = environment.find(name);
                      return found == environment.end() ? std::nullopt
                                                        : std::optional<std::string>(found->second);
                    },
                .serve = [](const ServeOptions&) { return ExitCode::ok; },
                .ask_secret = {}};
    if (typed) {
      shell.ask_secret = [this](std::string_view) -> std::optional<std::string> {
        if (typed->empty()) {
          return std::nullopt;
        }
        std::string line = typed->front();
        typed->erase(typed->begin());
        return line;
      };
    }
    code = run_cli(words, shell, false, false);
    out = output.str();
    error = messages.str();
    return *this;
  }
};

// A port that listens (connections wait in its backlog) or, with `listening` false, one that surely
// refuses.
class LoopbackPort {
 public:
  explicit LoopbackPort(bool listening) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
    port_ = ntohs(address.sin_port);
    if (listening) {
      EXPECT_EQ(::listen(fd_.get(), 64), 0);
    }
  }
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::string target() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  UniqueFd fd_;
  uint16_t port_ = 0;
};

}  // namespace tocsin::cli
