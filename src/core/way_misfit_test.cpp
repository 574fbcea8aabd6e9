#include "core/way_misfit.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

using Misfits = std::vector<WayMisfit>;

Monitor to(std::string_view target) {
  Monitor monitor;
  monitor.target = Target::parse(target).value();
  return monitor;
}

Monitor proxied(std::string_view target) {
  Monitor monitor = to(target);
  monitor.proxy = parse_proxy("socks5://proxy.example.com:1080").value();
  return monitor;
}

TEST(WayMisfit, AUnixSocketHasNoWay) {
  Monitor monitor = proxied("unix:/run/x");
  monitor.source = IpAddress::parse("192.0.2.10");
  monitor.close = CloseMode::quiet;
  EXPECT_EQ(way_misfits(monitor), (Misfits{WayMisfit::unix_source, WayMisfit::unix_proxy}));
}

TEST(WayMisfit, TheSourceIsOfTheFamilyOfTheFirstStop) {
  Monitor monitor = to("[2001:db8::1]:1");
  monitor.source = IpAddress::parse("192.0.2.10");
  EXPECT_EQ(way_misfits(monitor), Misfits{WayMisfit::source_of_address});
  monitor.proxy = parse_proxy("http://192.0.2.1:8080").value();
  EXPECT_EQ(way_misfits(monitor), Misfits{});
  Monitor named = to("db.example.com:1");
  named.source = IpAddress::parse("2001:db8::10");
  EXPECT_EQ(way_misfits(named), Misfits{WayMisfit::source_of_ip_family});
  named.ip_family = IpFamily::all;
  EXPECT_EQ(way_misfits(named), Misfits{});
}

// The proxy sees the connection and looks the name up: what is about either means nothing.
TEST(WayMisfit, BehindAProxyMuchMeansNothing) {
  Monitor monitor = proxied("db.example.com:1");
  EXPECT_EQ(way_misfits(monitor), Misfits{});
  monitor.ip_family = IpFamily::all;
  monitor.close = CloseMode::quiet;
  monitor.assertions = {Assertion{.source = AssertionSource::resolved_ip}};
  EXPECT_EQ(way_misfits(monitor), (Misfits{WayMisfit::proxied_family, WayMisfit::proxied_quiet,
                                           WayMisfit::proxied_resolved_ip}));
  monitor.target = Target::parse("192.0.2.1:1").value();
  monitor.ip_family_written = true;
  EXPECT_NE(way_misfits(monitor).front(), WayMisfit::proxied_family) << "an address has a family";
}

}  // namespace
}  // namespace tocsin
