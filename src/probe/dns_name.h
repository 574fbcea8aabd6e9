// The one spelling of a name that cache, hosts file and resolver share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

// In lower case, a final dot kept (it switches search domains off); nothing when DNS cannot hold it
// as the name of a host: letters, digits,
// '-' and '_' in labels of 1-63 bytes, 253 bytes in all.
std::optional<std::string> dns_name(std::string_view written);

}  // namespace tocsin
