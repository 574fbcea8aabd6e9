// /etc/hosts: names that the operator of this machine has given addresses to. They come before DNS,
// as users expect. The text is read by a pure function; HostsFile only keeps it up to date.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"
#include "ports/resolver.h"

namespace tocsin {

// Big block lists reach 2 MB; what lies beyond is not read.
inline constexpr size_t kHostsBytesMax = 4_MiB;
inline constexpr size_t kHostsNamesMax = 200'000;
inline constexpr size_t kHostsAddressesMax = 64;     // of one name
inline constexpr Duration kHostsCheckInterval = 1s;  // how often its time stamp is looked at

// Addresses by name in lower case, in the order of the file.
using HostsTable = std::map<std::string, std::vector<IpAddress>, std::less<>>;

// Reads the format of hosts(5): an address, then names, '#' begins a comment. Lines that are not of
// it are passed over, as the system does.
HostsTable parse_hosts(std::string_view text);

class HostsFile {
 public:
  explicit HostsFile(std::string path) : path_(std::move(path)) {}

  // Addresses for `name` (lower case, without a final dot) of the wished families; empty: ask DNS.
  // "localhost" and names below it always have a loopback address of each family (RFC 6761 6.3),
  // whatever the file says.
  std::vector<IpAddress> lookup(std::string_view name, AddressWish wish, SteadyTime now);

 private:
  struct Stamp {
    int64_t seconds = 0;  // of the last change
    int64_t nanoseconds = 0;
    int64_t size = -1;
    uint64_t inode = 0;
    bool operator==(const Stamp&) const = default;
  };
  void refresh(SteadyTime now);

  std::string path_;
  HostsTable table_;
  Stamp stamp_;
  SteadyTime next_check_ = SteadyTime::min();
};

}  // namespace tocsin
