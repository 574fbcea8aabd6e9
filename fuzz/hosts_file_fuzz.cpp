// The hosts file: no text makes a table beyond its bounds, every name in it is one that a lookup
// can ask for, and writing the table down and reading it again gives the same table.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "probe/hosts_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const HostsTable table = parse_hosts(text);
  CHECK(table.size() <= kHostsNamesMax, "bounded names");
  std::string written;
  for (const auto& [name, addresses] : table) {
    CHECK(!name.empty() && name.size() <= kHostBytesMax, "bounded name");
    CHECK(name.find_first_of(" \t\r\v\f\n#") == std::string::npos, "a name is one word");
    CHECK(name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos, "lower case");
    CHECK(!addresses.empty() && addresses.size() <= kHostsAddressesMax, "bounded addresses");
    for (const IpAddress& address : addresses) {
      // A final dot is taken off once; what is left may end in one.
      written += address.text() + " " + name + ".\n";
    }
  }
  CHECK(parse_hosts(written) == table, "written and read again");
  return 0;
}
