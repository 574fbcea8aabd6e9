#include "probe/hosts_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/letter_case.h"
#include "base/limits.h"
#include "base/unique_fd.h"

namespace tocsin {
namespace {

constexpr std::string_view kSpace = " \t\r\v\f";

// Takes the next word off `line`; empty when there is none.
std::string_view take_word(std::string_view& line) {
  const size_t begin = std::min(line.find_first_not_of(kSpace), line.size());
  const size_t end = std::min(line.find_first_of(kSpace, begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

void read_line(std::string_view line, HostsTable& table) {
  line = line.substr(0, line.find('#'));
  const std::optional<IpAddress> address = IpAddress::parse(take_word(line));
  if (!address) {
    return;
  }
  for (std::string_view name = take_word(line); !name.empty(); name = take_word(line)) {
    if (name.ends_with('.')) {
      name.remove_suffix(1);
    }
    if (name.empty() || name.size() > kHostBytesMax) {
      continue;
    }
    const std::string key = ascii_lower(name);
    if (table.size() >= kHostsNamesMax && !table.contains(key)) {
      continue;
    }
    std::vector<IpAddress>& addresses = table[key];
    if (addresses.size() < kHostsAddressesMax &&
        std::ranges::find(addresses, *address) == addresses.end()) {
      addresses.push_back(*address);
    }
  }
}

// The whole file, as far as `size` and the limit go; nothing when it cannot be read now.
std::optional<std::string> read_file(const std::string& path, size_t size) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) {
    return std::nullopt;
  }
  std::string text(std::min(size, kHostsBytesMax), '\0');
  size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t count = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return std::nullopt;
    }
    if (count == 0) {
      break;
    }
    filled += static_cast<size_t>(count);
  }
  text.resize(filled);
  return text;
}

}  // namespace

HostsTable parse_hosts(std::string_view text) {
  HostsTable table;
  text = text.substr(0, kHostsBytesMax);
  while (!text.empty()) {
    const size_t end = text.find('\n');
    read_line(text.substr(0, end), table);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return table;
}

// Looked at once a second at most: a stat is cheap, one for each of a thousand names is not. While
// the file cannot be read (no descriptor is left, say) the last good table stays.
void HostsFile::refresh(SteadyTime now) {
  if (now < next_check_) {
    return;
  }
  next_check_ = now + kHostsCheckInterval;
  struct stat facts{};
  const bool is_there = ::stat(path_.c_str(), &facts) == 0;
  if (!is_there && errno != ENOENT) {
    return;
  }
  if (!is_there || !S_ISREG(facts.st_mode)) {
    table_.clear();
    stamp_ = {};
    return;
  }
  const Stamp seen{facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_size, facts.st_ino};
  if (seen == stamp_) {
    return;
  }
  if (const std::optional<std::string> text = read_file(path_, static_cast<size_t>(seen.size))) {
    table_ = parse_hosts(*text);
    stamp_ = seen;
  }
}

std::vector<IpAddress> HostsFile::lookup(std::string_view name, AddressWish wish, SteadyTime now) {
  refresh(now);
  std::vector<IpAddress> found;
  if (const auto at = table_.find(name); at != table_.end()) {
    std::ranges::copy_if(at->second, std::back_inserter(found),
                         [&](const IpAddress& address) { return wishes(wish, address.family); });
  }
  if (name == "localhost" || name.ends_with(".localhost")) {
    for (const std::string_view loopback : {"::1", "127.0.0.1"}) {
      const std::optional<IpAddress> address = IpAddress::parse(loopback);
      if (wishes(wish, address->family) &&
          std::ranges::find(found, address->family, &IpAddress::family) == found.end()) {
        found.push_back(*address);
      }
    }
  }
  return found;
}

}  // namespace tocsin
