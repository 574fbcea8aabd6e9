#include "cli/password_prompt.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <istream>

#include "api/password_rules.h"

namespace tocsin::cli {
namespace {

// One byte more than allowed, so that the rule is what refuses it.
constexpr size_t kLineBytesMax = kPasswordBytesMax + 1;

std::string first_line(std::istream& in) {
  std::string line;
  for (char c = 0; line.size() < kLineBytesMax && in.get(c) && c != '\n';) {
    line += c;
  }
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  return line;
}

// Shows nothing of what is typed, for as long as it lives.
class NoEcho {
 public:
  NoEcho() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    if (is_terminal_) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
  }
  ~NoEcho() {
    if (is_terminal_) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool is_terminal_;
};

Result<std::string> asked_twice(const Shell& shell) {
  const auto first = shell.ask_secret("New password: ");
  const auto second = first ? shell.ask_secret("Again: ") : std::nullopt;
  if (!second) {
    return fail(ErrorKind::invalid_input, "no password was typed");
  }
  if (*first != *second) {
    return fail(ErrorKind::invalid_input, "the two passwords differ; nothing was changed");
  }
  return *first;
}

}  // namespace

std::string new_password_notes() {
  return "The password is asked for on a terminal, else it is the first line of standard input: 10 "
         "to 1024 bytes of any kind.";
}

Result<std::string> read_new_password(Shell& shell) {
  const auto password =
      shell.ask_secret ? asked_twice(shell) : Result<std::string>(first_line(shell.in));
  if (!password) {
    return password;
  }
  if (password->empty()) {
    return fail(ErrorKind::invalid_input,
                "no password came on standard input: type it on a terminal, or redirect it");
  }
  if (const auto problem = password_problem(*password)) {
    return fail(ErrorKind::invalid_input, *problem);
  }
  return password;
}

std::optional<std::string> ask_on_terminal(std::string_view prompt) {
  std::cerr << prompt << std::flush;
  const NoEcho quiet;
  std::string line = first_line(std::cin);
  return line.empty() && !std::cin ? std::nullopt : std::optional(std::move(line));
}

}  // namespace tocsin::cli
