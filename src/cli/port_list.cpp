#include "cli/port_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "model/preset.h"

namespace tocsin::cli {
namespace {

constexpr uint32_t kPortMax = 65535;

std::optional<uint32_t> read_port(std::string_view text) {
  uint32_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool is_port =
      error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= kPortMax;
  return is_port ? std::optional(port) : std::nullopt;
}

Error wrong_part(std::string_view part) {
  return Error{ErrorKind::invalid_input,
               fmt::format("'{}' is no port and no range of ports; write numbers from 1 to {} like "
                           "22,80,8000-8100, or known",
                           escape_for_display(part, 60), kPortMax)};
}

Result<void> add_part(std::string_view part, std::vector<bool>& wanted) {
  if (part == "known") {
    for (const Preset& preset : presets()) {
      wanted[preset.port] = true;
    }
    return {};
  }
  const size_t dash = part.find('-');
  const auto first = read_port(part.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : read_port(part.substr(dash + 1));
  if (!first || !last) {
    return std::unexpected(wrong_part(part));
  }
  if (*first > *last) {
    return fail(ErrorKind::invalid_input, fmt::format("the range {}-{} goes down; write {}-{}",
                                                      *first, *last, *last, *first));
  }
  std::fill(wanted.begin() + *first, wanted.begin() + *last + 1, true);
  return {};
}

}  // namespace

Result<std::vector<uint16_t>> read_port_list(std::string_view text) {
  std::vector<bool> wanted(kPortMax + 1);
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    if (const auto added = add_part(text.substr(begin, end - begin), wanted); !added) {
      return std::unexpected(added.error());
    }
    begin = end + 1;
  }
  std::vector<uint16_t> ports;
  for (uint32_t port = 1; port <= kPortMax; ++port) {
    if (wanted[port]) {
      ports.push_back(static_cast<uint16_t>(port));
    }
  }
  return ports;
}

}  // namespace tocsin::cli
