// The program: hands words, streams and environment to the commands. Nothing is decided here.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/password_prompt.h"
#include "cli/run_cli.h"
#include "serve.h"

namespace {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

int main(int count, char** words) {
  using namespace tocsin;
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  cli::Shell shell{
      .in = std::cin,
      .out = std::cout,
      .error = std::cerr,
      .out_style = {},
      .error_style = {},
      .environment = environment,
      .serve = [](const cli::ServeOptions& options) { return run_serve(options, environment); },
      .ask_secret = {},
  };
  if (::isatty(STDIN_FILENO) == 1) {
    shell.ask_secret = cli::ask_on_terminal;
  }
  const cli::ExitCode code = cli::run_cli(arguments, std::move(shell), ::isatty(STDOUT_FILENO) == 1,
                                          ::isatty(STDERR_FILENO) == 1);
  std::cout.flush();
  return static_cast<int>(code);
}
