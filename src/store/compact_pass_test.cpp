#include "store/compact_pass.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "core/evaluate.h"

namespace tocsin {
namespace {

SocketAddress address(std::string_view literal, uint16_t port) {
  return {.ip = IpAddress::parse(literal).value(), .port = port, .unix_path = {}};
}

TEST(CompactPass, AddressComesBack) {
  for (const char* literal : {"192.0.2.7", "255.255.255.255", "2001:db8::7", "::ffff:192.0.2.1"}) {
    for (const uint16_t port : {uint16_t{1}, uint16_t{443}, uint16_t{65535}}) {
      const SocketAddress wanted = address(literal, port);
      const std::string packed = pack_address(wanted).value();
      EXPECT_EQ(packed.size(), wanted.ip.family == Family::v4 ? 6U : 18U);
      EXPECT_EQ(unpack_address(packed), wanted) << literal;
    }
  }
}

// These bytes are on disk.
TEST(CompactPass, AddressHasItsForm) {
  EXPECT_EQ(to_hex(pack_address(address("192.0.2.7", 443)).value()), "c000020701bb");
}

TEST(CompactPass, UnixSocketHasNoAddress) {
  EXPECT_EQ(pack_address(std::nullopt), std::nullopt);
  EXPECT_EQ(pack_address(SocketAddress{.ip = {}, .port = 0, .unix_path = "/run/x"}), std::nullopt);
}

TEST(CompactPass, OtherSizesAreNoAddress) {
  for (const size_t size : {0U, 4U, 5U, 7U, 16U, 17U, 19U}) {
    EXPECT_EQ(unpack_address(std::string(size, 'x')), std::nullopt) << size;
  }
}

// What core says of a pass is what costs nothing: were its words changed, this would say that a row
// has grown.
TEST(CompactPass, SentencesOfCoreFollowFromTheNumbers) {
  Monitor monitor;
  monitor.target = Target::parse("127.0.0.1:80").value();
  ProbeResult result;
  result.response_time = 312us;
  const std::string connected = evaluate(monitor, result).reason;
  EXPECT_EQ(form_of_pass(connected, result.response_time), PassForm::connected) << connected;
  monitor.request.emplace_back(SendStep{"PING\r\n"});
  const std::string answered = evaluate(monitor, result).reason;
  EXPECT_EQ(form_of_pass(answered, result.response_time), PassForm::answered) << answered;
}

TEST(CompactPass, SentenceOfAnotherTimeIsKeptAsItIs) {
  EXPECT_EQ(form_of_pass("Connected in 312 µs.", 313us), PassForm::other);
  EXPECT_EQ(form_of_pass("", 312us), PassForm::other);
  EXPECT_EQ(form_of_pass("As expected: it is closed.", 312us), PassForm::other);
}

}  // namespace
}  // namespace tocsin
