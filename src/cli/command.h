// What a command is: one plain description that parsing, --help, completion scripts and the lint
// test all read, so that none of them can know a flag that another does not.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/style.h"

namespace tocsin::cli {

struct ServeOptions;

struct FlagSpec {
  std::string name;   // "timeout" for --timeout
  char letter = 0;    // 'v' for -v; 0 = none
  std::string value;  // "DURATION" when it takes a value; empty = a switch
  std::string help;   // one sentence, without the dot
  std::vector<std::string> choices = {};
  bool repeatable = false;  // a value: all are kept; a switch: it is counted
  bool required = false;

  [[nodiscard]] bool takes_value() const { return !value.empty(); }
};

struct ArgumentSpec {
  std::string name;  // "HOST:PORT"
  std::string help;
  bool many = false;
  bool required = true;
  std::vector<std::string> choices = {};
};

struct Example {
  std::string line;
  std::string comment = {};  // said behind it; may be empty
};

// What was typed for one command, flags under their long names.
class Arguments {
 public:
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, size_t> counts;
  std::vector<std::string> positionals;

  [[nodiscard]] size_t count(const std::string& flag) const;
  [[nodiscard]] bool has(const std::string& flag) const { return count(flag) > 0; }
  [[nodiscard]] std::optional<std::string> value(const std::string& flag) const;  // the last one
  [[nodiscard]] std::vector<std::string> all(const std::string& flag) const;
};

// What a command may touch outside itself.
struct Shell {
  std::istream& in;
  std::ostream& out;    // data
  std::ostream& error;  // messages to people
  Style out_style, error_style;
  Environment environment;
  std::function<ExitCode(const ServeOptions&)> serve;  // wired by apps/tocsin
  // One line that is not shown while it is typed; nothing at the end of input. Empty: standard
  // input is no terminal.
  std::function<std::optional<std::string>(std::string_view prompt)> ask_secret = {};

  void print(std::string_view text) const;  // data, as it is
  void say(std::string_view text) const;    // one message; the line end is added
};

struct CommandSpec {
  std::string name;
  std::string summary;  // one sentence, with the dot
  std::vector<Example> examples;
  std::vector<ArgumentSpec> arguments = {};
  std::vector<FlagSpec> flags = {};
  std::vector<CommandSpec> commands = {};  // not empty: `run` is not used
  std::string notes = {};                  // shown at the end of --help, a paragraph a line
  std::function<ExitCode(const Arguments&, Shell&)> run = {};

  [[nodiscard]] const CommandSpec* find(std::string_view command) const;
  [[nodiscard]] const FlagSpec* find_flag(std::string_view flag) const;
};

// Flags that every command takes.
std::vector<FlagSpec> common_flags();

}  // namespace tocsin::cli
