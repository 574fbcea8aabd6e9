#include "model/icmp_notice.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

// Types of RFC 792 and codes of RFC 1122 and RFC 1812 5.2.7.1.
constexpr uint8_t kV4Unreachable = 3;
constexpr uint8_t kV4TimeExceeded = 11;
// Of RFC 4443 3.1 and 3.3.
constexpr uint8_t kV6Unreachable = 1;
constexpr uint8_t kV6TimeExceeded = 3;

constexpr std::array kMeanings = {
    NamedValue{IcmpMeaning::time_exceeded, "time_exceeded"},
    NamedValue{IcmpMeaning::prohibited, "prohibited"},
    NamedValue{IcmpMeaning::network_unreachable, "network_unreachable"},
    NamedValue{IcmpMeaning::host_unreachable, "host_unreachable"},
    NamedValue{IcmpMeaning::port_unreachable, "port_unreachable"},
    NamedValue{IcmpMeaning::other, "other"}};

IcmpMeaning meaning_of_v4(const IcmpNotice& notice) {
  if (notice.type == kV4TimeExceeded) {
    return IcmpMeaning::time_exceeded;
  }
  if (notice.type != kV4Unreachable) {
    return IcmpMeaning::other;
  }
  switch (notice.code) {
    case 0:   // net unreachable
    case 6:   // network unknown
    case 11:  // network unreachable for this type of service
      return IcmpMeaning::network_unreachable;
    case 1:   // host unreachable
    case 7:   // host unknown
    case 8:   // source host isolated
    case 12:  // host unreachable for this type of service
      return IcmpMeaning::host_unreachable;
    case 2:  // protocol unreachable
    case 3:  // port unreachable
      return IcmpMeaning::port_unreachable;
    case 9:   // network administratively prohibited
    case 10:  // host administratively prohibited
    case 13:  // communication administratively prohibited
      return IcmpMeaning::prohibited;
    default:
      return IcmpMeaning::other;
  }
}

IcmpMeaning meaning_of_v6(const IcmpNotice& notice) {
  if (notice.type == kV6TimeExceeded) {
    return IcmpMeaning::time_exceeded;
  }
  if (notice.type != kV6Unreachable) {
    return IcmpMeaning::other;
  }
  switch (notice.code) {
    case 0:  // no route
      return IcmpMeaning::network_unreachable;
    case 1:  // administratively prohibited
    case 5:  // source address failed a policy
    case 6:  // reject route
      return IcmpMeaning::prohibited;
    case 2:  // beyond scope of the source address
    case 3:  // address unreachable
      return IcmpMeaning::host_unreachable;
    case 4:
      return IcmpMeaning::port_unreachable;
    default:
      return IcmpMeaning::other;
  }
}

}  // namespace

IcmpMeaning meaning_of(const IcmpNotice& notice) {
  return notice.from.family == Family::v6 ? meaning_of_v6(notice) : meaning_of_v4(notice);
}

std::string_view icmp_meaning_name(IcmpMeaning meaning) { return name_in(kMeanings, meaning); }

}  // namespace tocsin
