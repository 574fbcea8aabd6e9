#include "cli/command.h"

#include <algorithm>
#include <ostream>

namespace tocsin::cli {

size_t Arguments::count(const std::string& flag) const {
  const auto found = counts.find(flag);
  return found == counts.end() ? 0 : found->second;
}

std::optional<std::string> Arguments::value(const std::string& flag) const {
  const auto found = values.find(flag);
  if (found == values.end() || found->second.empty()) {
    return std::nullopt;
  }
  return found->second.back();
}

std::vector<std::string> Arguments::all(const std::string& flag) const {
  const auto found = values.find(flag);
  return found == values.end() ? std::vector<std::string>{} : found->second;
}

void Shell::print(std::string_view text) const { out << fit_charset(out_style, text); }

void Shell::say(std::string_view text) const { error << fit_charset(error_style, text) << '\n'; }

const CommandSpec* CommandSpec::find(std::string_view command) const {
  const auto found = std::ranges::find(commands, command, &CommandSpec::name);
  return found == commands.end() ? nullptr : &*found;
}

const FlagSpec* CommandSpec::find_flag(std::string_view flag) const {
  const auto found = std::ranges::find(flags, flag, &FlagSpec::name);
  return found == flags.end() ? nullptr : &*found;
}

std::vector<FlagSpec> common_flags() {
  return {
      {.name = "no-color", .help = "Never use colour (NO_COLOR does the same)"},
      {.name = "help", .letter = 'h', .help = "Show this help"},
  };
}

}  // namespace tocsin::cli
