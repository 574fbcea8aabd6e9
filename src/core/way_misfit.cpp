#include "core/way_misfit.h"

#include <algorithm>

namespace tocsin {
namespace {

bool asks_resolved_ip(const Assertion& assertion) {
  return assertion.source == AssertionSource::resolved_ip;
}

// A name is looked up in either family unless one is wanted.
bool takes_source(IpFamily wanted, const IpAddress& source) {
  return wanted == IpFamily::automatic || wanted == IpFamily::all ||
         wanted == (source.family == Family::v6 ? IpFamily::ipv6 : IpFamily::ipv4);
}

void judge_source(const Monitor& monitor, std::vector<WayMisfit>& misfits) {
  const std::optional<IpAddress>& literal = first_stop(monitor).literal();
  if (literal && literal->family != monitor.source->family) {
    misfits.push_back(WayMisfit::source_of_address);
  } else if (!literal && !monitor.proxy && !takes_source(monitor.ip_family, *monitor.source)) {
    misfits.push_back(WayMisfit::source_of_ip_family);
  }
}

void judge_proxy(const Monitor& monitor, std::vector<WayMisfit>& misfits) {
  const bool wants_family = monitor.ip_family_written || monitor.ip_family == IpFamily::all;
  if (wants_family && !monitor.target.literal()) {
    misfits.push_back(WayMisfit::proxied_family);
  }
  if (monitor.close == CloseMode::quiet) {
    misfits.push_back(WayMisfit::proxied_quiet);
  }
  if (std::ranges::any_of(monitor.assertions, asks_resolved_ip)) {
    misfits.push_back(WayMisfit::proxied_resolved_ip);
  }
}

}  // namespace

std::vector<WayMisfit> way_misfits(const Monitor& monitor) {
  std::vector<WayMisfit> misfits;
  if (monitor.target.is_unix()) {
    if (monitor.source) {
      misfits.push_back(WayMisfit::unix_source);
    }
    if (monitor.proxy) {
      misfits.push_back(WayMisfit::unix_proxy);
    }
    return misfits;
  }
  if (monitor.source) {
    judge_source(monitor, misfits);
  }
  if (monitor.proxy) {
    judge_proxy(monitor, misfits);
  }
  return misfits;
}

}  // namespace tocsin
