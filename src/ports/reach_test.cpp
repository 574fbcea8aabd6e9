// The gate in front of every connect, as a table: each spelling of an address, and what each of the
// three roles may do with it.
#include "ports/reach.h"

#include <gtest/gtest.h>

#include <vector>

namespace tocsin {
namespace {

SocketAddress address(std::string_view text) {
  const std::optional<IpAddress> ip = IpAddress::parse(text);
  EXPECT_TRUE(ip) << text;
  return SocketAddress{.ip = ip.value_or(IpAddress{}), .port = 80};
}

// Who may reach an address while reach.allow is not set.
enum class Open : uint8_t { nobody, operator_and_admin, all };

struct Row {
  const char* text;
  Open open;
};

const Row kTable[] = {
    // IPv4, edges of each range on both sides.
    {"0.0.0.0", Open::nobody},
    {"0.255.255.255", Open::nobody},
    {"1.0.0.0", Open::all},
    {"9.255.255.255", Open::all},
    {"10.0.0.0", Open::operator_and_admin},
    {"10.255.255.255", Open::operator_and_admin},
    {"11.0.0.0", Open::all},
    {"93.184.216.34", Open::all},
    {"100.63.255.255", Open::all},
    {"100.64.0.0", Open::operator_and_admin},
    {"100.100.100.199", Open::operator_and_admin},
    {"100.100.100.200", Open::nobody},
    {"100.127.255.255", Open::operator_and_admin},
    {"100.128.0.0", Open::all},
    {"126.255.255.255", Open::all},
    {"127.0.0.1", Open::operator_and_admin},
    {"127.255.255.254", Open::operator_and_admin},
    {"128.0.0.0", Open::all},
    {"169.253.255.255", Open::all},
    {"169.254.0.0", Open::nobody},
    {"169.254.169.254", Open::nobody},
    {"169.254.255.255", Open::nobody},
    {"169.255.0.0", Open::all},
    {"172.15.255.255", Open::all},
    {"172.16.0.0", Open::operator_and_admin},
    {"172.31.255.255", Open::operator_and_admin},
    {"172.32.0.0", Open::all},
    {"192.0.0.192", Open::operator_and_admin},
    {"192.167.255.255", Open::all},
    {"192.168.0.1", Open::operator_and_admin},
    {"192.169.0.0", Open::all},
    {"198.18.0.1", Open::operator_and_admin},
    {"198.20.0.0", Open::all},
    {"223.255.255.255", Open::all},
    {"224.0.0.0", Open::nobody},
    {"239.255.255.255", Open::nobody},
    {"240.0.0.1", Open::operator_and_admin},
    {"255.255.255.254", Open::operator_and_admin},
    {"255.255.255.255", Open::nobody},
    // IPv6 of its own.
    {"::", Open::nobody},
    {"0:0:0:0:0:0:0:0", Open::nobody},
    {"::1", Open::operator_and_admin},
    {"0000:0000:0000:0000:0000:0000:0000:0001", Open::operator_and_admin},
    {"2001:db8::1", Open::all},
    {"2606:2800:220:1:248:1893:25c8:1946", Open::all},
    {"fbff::1", Open::all},
    {"fc00::1", Open::operator_and_admin},
    {"fd00:ec2::253", Open::operator_and_admin},
    {"fd00:ec2::254", Open::nobody},
    {"fd00:0ec2:0:0:0:0:0:254", Open::nobody},
    {"fd20:ce::254", Open::nobody},
    {"fd00:c1::a9fe:a9fe", Open::nobody},
    {"fd00:42::42", Open::nobody},
    {"fdff:ffff::1", Open::operator_and_admin},
    {"fe7f::1", Open::all},
    {"fe80::1", Open::nobody},
    {"fe80::1%2", Open::nobody},
    {"febf::1", Open::nobody},
    {"fec0::1", Open::operator_and_admin},
    {"ff02::1", Open::nobody},
    {"ff0e::1", Open::nobody},
    // IPv4 in IPv6: mapped, in each way of writing it.
    {"::ffff:93.184.216.34", Open::all},
    {"::ffff:127.0.0.1", Open::operator_and_admin},
    {"::ffff:7f00:1", Open::operator_and_admin},
    {"0:0:0:0:0:ffff:10.0.0.1", Open::operator_and_admin},
    {"::ffff:169.254.169.254", Open::nobody},
    {"::ffff:a9fe:a9fe", Open::nobody},
    {"0:0:0:0:0:FFFF:A9FE:A9FE", Open::nobody},
    {"::ffff:0.0.0.0", Open::nobody},
    {"::ffff:100.100.100.200", Open::nobody},
    {"::ffff:255.255.255.255", Open::nobody},
    // Translated (RFC 2765) and compatible (RFC 4291 2.5.5.1).
    {"::ffff:0:169.254.169.254", Open::nobody},
    {"::ffff:0:10.0.0.1", Open::operator_and_admin},
    {"::169.254.169.254", Open::nobody},
    {"::127.0.0.1", Open::operator_and_admin},
    {"::93.184.216.34", Open::all},
    {"::2", Open::nobody},  // the compatible form of 0.0.0.2
    // 6to4: 2002:<v4>::
    {"2002:a9fe:a9fe::1", Open::nobody},
    {"2002:a00:1::1", Open::operator_and_admin},
    {"2002:5db8:d822::1", Open::all},
    // NAT64: the well-known prefix, and the local one with each place of the address.
    {"64:ff9b::169.254.169.254", Open::nobody},
    {"64:ff9b::a00:1", Open::operator_and_admin},
    {"64:ff9b::93.184.216.34", Open::all},
    {"64:ff9b:1::169.254.169.254", Open::nobody},
    {"64:ff9b:1:a9fe:a9:fe00::", Open::nobody},
    {"64:ff9b:1:a9:fe:a9fe::", Open::nobody},
    {"64:ff9b:1:0:a9:fea9:fe00:0", Open::nobody},
    {"64:ff9b:1::93.184.216.34", Open::operator_and_admin},
    // Teredo: the server, then the client with its bits turned over.
    {"2001:0:a9fe:a9fe::", Open::nobody},
    {"2001:0:4136:e378:8000:63bf:5601:5601", Open::nobody},
    {"2001:0:4136:e378:8000:63bf:f5ff:fffe", Open::operator_and_admin},
    {"2001:0:4136:e378:8000:63bf:3fff:fdd2", Open::all},
};

// Every spelling, every role: the table is the rule.
TEST(Reach, TableOfSpellings) {
  const ReachPolicy policy;
  for (const Row& row : kTable) {
    const SocketAddress to = address(row.text);
    EXPECT_EQ(policy.refuse(to, ReachRole::operator_files).has_value(), row.open == Open::nobody)
        << row.text;
    EXPECT_EQ(policy.refuse(to, ReachRole::admin_api).has_value(), row.open == Open::nobody)
        << row.text;
    EXPECT_EQ(policy.refuse(to, ReachRole::editor_api).has_value(), row.open != Open::all)
        << row.text;
  }
}

// A reader of the message must see which address it was, what it is and, when it can be helped,
// where to change it.
TEST(Reach, SaysWhy) {
  const ReachPolicy policy;
  EXPECT_EQ(policy.refuse(address("169.254.169.254"), ReachRole::operator_files),
            "169.254.169.254 is a cloud metadata address; such addresses are never probed");
  EXPECT_EQ(policy.refuse(address("::ffff:169.254.1.1"), ReachRole::admin_api),
            "::ffff:169.254.1.1 leads to 169.254.1.1, a link-local address; such addresses are "
            "never probed");
  EXPECT_EQ(policy.refuse(address("10.0.0.1"), ReachRole::editor_api),
            "10.0.0.1 is a private address; an editor's monitors reach it only when reach.allow "
            "names it");
  const ReachPolicy narrow({*Cidr::parse("10.0.0.0/8")});
  EXPECT_EQ(narrow.refuse(address("8.8.8.8"), ReachRole::editor_api),
            "8.8.8.8 is not in reach.allow, which lists all that an editor's monitors may reach");
}

// reach.allow replaces the default of an editor, and of nobody else.
TEST(Reach, AllowListIsTheEditorsWhole) {
  const ReachPolicy policy({*Cidr::parse("10.1.0.0/16"), *Cidr::parse("fd12::/16")});
  EXPECT_FALSE(policy.refuse(address("10.1.2.3"), ReachRole::editor_api));
  EXPECT_FALSE(policy.refuse(address("fd12::5"), ReachRole::editor_api));
  EXPECT_TRUE(policy.refuse(address("10.2.0.0"), ReachRole::editor_api));
  EXPECT_TRUE(policy.refuse(address("93.184.216.34"), ReachRole::editor_api));
  EXPECT_FALSE(policy.refuse(address("93.184.216.34"), ReachRole::operator_files));
  EXPECT_FALSE(policy.refuse(address("127.0.0.1"), ReachRole::admin_api));
}

// Nobody can allow himself the metadata service.
TEST(Reach, AllowListNeverOpensWhatIsAlwaysRefused) {
  const ReachPolicy policy({*Cidr::parse("0.0.0.0/0"), *Cidr::parse("::/0")});
  EXPECT_TRUE(policy.refuse(address("169.254.169.254"), ReachRole::editor_api));
  EXPECT_TRUE(policy.refuse(address("fd00:ec2::254"), ReachRole::editor_api));
  EXPECT_FALSE(policy.refuse(address("127.0.0.1"), ReachRole::editor_api));
}

// A mapped address is judged by what it carries: ::/0 alone does not open IPv4.
TEST(Reach, AllowListLooksThroughMappedAddresses) {
  const ReachPolicy v6_only({*Cidr::parse("::/0")});
  EXPECT_TRUE(v6_only.refuse(address("::ffff:10.0.0.1"), ReachRole::editor_api));
  EXPECT_TRUE(v6_only.refuse(address("64:ff9b::10.0.0.1"), ReachRole::editor_api));
  const ReachPolicy ten({*Cidr::parse("10.0.0.0/8")});
  EXPECT_FALSE(ten.refuse(address("::ffff:10.0.0.1"), ReachRole::editor_api));
  EXPECT_TRUE(ten.refuse(address("::ffff:11.0.0.1"), ReachRole::editor_api));
}

// Unix sockets belong to the operator's own files: over the API they would be a way into local
// services.
TEST(Reach, UnixSocketsAreTheOperators) {
  const ReachPolicy policy;
  const SocketAddress to{.unix_path = "/run/docker.sock"};
  EXPECT_FALSE(policy.refuse(to, ReachRole::operator_files));
  EXPECT_EQ(policy.refuse(to, ReachRole::admin_api),
            "unix sockets are reached only by monitors in the operator's own files");
  EXPECT_TRUE(policy.refuse(to, ReachRole::editor_api));
}

// A network is exact: what is not a whole number of leading bits is a typing mistake, and the
// message shows the right form.
TEST(Cidr, RefusesWhatIsNotANetwork) {
  const auto message = [](std::string_view text) {
    const Result<Cidr> parsed = Cidr::parse(text);
    return parsed ? std::string("read") : parsed.error().message;
  };
  EXPECT_EQ(message("10.0.0.1"),
            "\"10.0.0.1\" has no length; write 10.0.0.1/32 for this one address");
  EXPECT_EQ(message("::1"), "\"::1\" has no length; write ::1/128 for this one address");
  EXPECT_EQ(message("10.1.2.3/8"),
            "\"10.1.2.3/8\" has bits set after the first 8; write 10.0.0.0/8");
  EXPECT_EQ(message("fd00::1/9"), "\"fd00::1/9\" has bits set after the first 9; write fd00::/9");
  EXPECT_EQ(message("10.0.0.0/33"),
            "the length in \"10.0.0.0/33\" is not a whole number from 0 to 32");
  for (const char* text : {"10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8 ", "10.0.0.0/8/8",
                           "::/129", "10.0.0.0/256", "10.0.0.0/4294967304"}) {
    EXPECT_NE(message(text).find("is not a whole number"), std::string::npos) << text;
  }
  for (const char* text :
       {"", "/8", "10.0.0/8", "example.org/8", "[::1]/128", "fe80::1%2/128", "*"}) {
    EXPECT_EQ(message(text), "\"" + std::string(text) +
                                 "\" is not a network; write an address and a length, for example "
                                 "10.0.0.0/8 or fd00::/8");
  }
}

// Lengths that are not whole bytes are where such code goes wrong.
TEST(Cidr, ContainsByBits) {
  const Cidr twelve = *Cidr::parse("172.16.0.0/12");
  EXPECT_TRUE(twelve.contains(*IpAddress::parse("172.31.255.255")));
  EXPECT_FALSE(twelve.contains(*IpAddress::parse("172.32.0.0")));
  EXPECT_TRUE(Cidr::parse("0.0.0.0/0")->contains(*IpAddress::parse("255.1.2.3")));
  EXPECT_FALSE(Cidr::parse("0.0.0.0/0")->contains(*IpAddress::parse("::1")));
  EXPECT_TRUE(Cidr::parse("::1/128")->contains(*IpAddress::parse("::1")));
  EXPECT_FALSE(Cidr::parse("::1/128")->contains(*IpAddress::parse("::")));
  EXPECT_TRUE(Cidr::parse("fe80::/10")->contains(*IpAddress::parse("febf::1")));
  EXPECT_FALSE(Cidr::parse("fe80::/10")->contains(*IpAddress::parse("fec0::")));
}

}  // namespace
}  // namespace tocsin
