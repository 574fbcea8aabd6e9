#include "probe/probe_plan.h"

#include <algorithm>

#include "base/bytes.h"
#include "core/dialogue.h"
#include "model/preset.h"
#include "model/result.h"
#include "probe/starttls.h"

namespace tocsin {

AddressWish wish_of(const Monitor& monitor) {
  if (monitor.source) {
    return monitor.source->family == Family::v4 ? AddressWish::v4 : AddressWish::v6;
  }
  if (monitor.proxy) {
    return AddressWish::both;
  }
  switch (monitor.ip_family) {
    case IpFamily::ipv4:
      return AddressWish::v4;
    case IpFamily::ipv6:
      return AddressWish::v6;
    case IpFamily::automatic:
      return AddressWish::both;
    case IpFamily::all:
      return AddressWish::each;
  }
  return AddressWish::both;
}

bool probes_each_address(const Monitor& monitor) {
  return monitor.ip_family == IpFamily::all && !monitor.proxy;
}

bool races(const Monitor& monitor) {
  return monitor.proxy || monitor.ip_family == IpFamily::automatic ||
         monitor.ip_family == IpFamily::all;
}

// A silent HTTP proxy is asked for itself on a second one; one that closes politely may be there
// still when the next address has its turn.
size_t connections_at_once(const Monitor& monitor) {
  const bool has_one_address = monitor.target.is_unix() || first_stop(monitor).literal();
  const size_t raced = has_one_address || !races(monitor) ? 1
                       : probes_each_address(monitor)     ? 2
                                                          : 2 * kTriedAddressesMax;
  return raced + (monitor.proxy ? 1 : 0);
}

bool is_unfit(const Monitor& monitor, const IpAddress& literal) {
  const IpFamily wanted = literal.family == Family::v4 ? IpFamily::ipv6 : IpFamily::ipv4;
  return monitor.ip_family_written && monitor.ip_family == wanted;
}

// What is known at connect time already when the port should be closed, or when nothing is to be
// said.
bool needs_tls(const Monitor& monitor) {
  return monitor.expect == Expectation::open && monitor.tls.mode == TlsMode::direct;
}
bool needs_dialogue(const Monitor& monitor) {
  return monitor.expect == Expectation::open &&
         (monitor.tls.mode == TlsMode::starttls || Dialogue::is_needed(monitor));
}

bool speaks_tls(const Monitor& monitor) {
  const auto is_upgrade = [](const Step& step) {
    return std::holds_alternative<StarttlsStep>(step);
  };
  return monitor.expect == Expectation::open &&
         (monitor.tls.mode != TlsMode::off || std::ranges::any_of(monitor.request, is_upgrade));
}

// Accept-less and reset closes are for connections on which nothing was said; others end in order.
CloseMode close_of(const Monitor& monitor) {
  const bool says_something = monitor.proxy || needs_tls(monitor) || needs_dialogue(monitor);
  return monitor.close == CloseMode::quiet && says_something ? CloseMode::fin : monitor.close;
}

// After the talk of STARTTLS alone nothing of the preset's was said yet, and its own goodbye might
// end what never began.
std::string goodbye_of(const Monitor& monitor) {
  if (monitor.tls.mode == TlsMode::starttls && monitor.request.empty()) {
    return std::string(starttls_goodbye(starttls_protocol(monitor)));
  }
  const Preset* preset = monitor.preset.empty() ? nullptr : find_preset(monitor.preset);
  if (preset == nullptr || preset->goodbye.empty()) {
    return {};
  }
  return unescape(preset->goodbye).value_or(std::string());
}

}  // namespace tocsin
