#include "probe/errno_map.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace tocsin {
namespace {

const SocketAddress kTarget{.ip = *IpAddress::parse("192.0.2.7"), .port = 25};

struct Row {
  int error;
  ErrorCode code;
  std::string_view detail;
};

// The code decides who is paged: what is ours must never be called the target's.
TEST(ErrnoMap, ConnectErrorsNameTheirSide) {
  const Row rows[] = {
      {ECONNREFUSED, ErrorCode::tcp_refused, "192.0.2.7:25 answered with a reset"},
      {ETIMEDOUT, ErrorCode::timeout, "no answer from 192.0.2.7:25; the kernel gave up"},
      {ENETUNREACH, ErrorCode::self_offline, "this machine has no route to 192.0.2.7:25"},
      {EHOSTUNREACH, ErrorCode::host_unreachable, "192.0.2.7:25 cannot be reached"},
      {ECONNRESET, ErrorCode::conn_reset, "192.0.2.7:25 reset the connection"},
      {EMFILE, ErrorCode::local_resource,
       "this process has no file descriptor left (RLIMIT_NOFILE)"},
      {ENFILE, ErrorCode::local_resource, "this machine has no file descriptor left (fs.file-max)"},
      {ENOBUFS, ErrorCode::local_resource, "the kernel has no memory left for sockets"},
      {EADDRNOTAVAIL, ErrorCode::local_resource,
       "no local port or address is left for 192.0.2.7:25"},
      {EPERM, ErrorCode::local_resource,
       "a rule or a route of this machine forbids a connection to 192.0.2.7:25"},
      {EACCES, ErrorCode::local_resource,
       "a rule or a route of this machine forbids a connection to 192.0.2.7:25"},
  };
  for (const Row& row : rows) {
    const ProbeError error = connect_error(row.error, kTarget);
    EXPECT_EQ(error.code, row.code) << row.detail;
    EXPECT_EQ(error.phase, Phase::connect);
    EXPECT_EQ(error.detail, row.detail);
  }
}

// A firewall that says no is another finding than a host that is off; only the ICMP message tells,
// errno is the same.
TEST(ErrnoMap, AnIcmpMessageSaysWhoForbadeIt) {
  const IcmpNotice filtered{.from = *IpAddress::parse("198.51.100.1"), .type = 3, .code = 13};
  EXPECT_EQ(connect_error(EHOSTUNREACH, kTarget, filtered),
            (ProbeError{ErrorCode::admin_prohibited, Phase::connect,
                        "198.51.100.1 says that connections to 192.0.2.7:25 are forbidden"}));
  const IcmpNotice unreachable{.from = *IpAddress::parse("198.51.100.1"), .type = 3, .code = 1};
  EXPECT_EQ(connect_error(EHOSTUNREACH, kTarget, unreachable),
            (ProbeError{ErrorCode::host_unreachable, Phase::connect,
                        "198.51.100.1 cannot reach 192.0.2.7:25"}));
  const IcmpNotice filtered6{.from = *IpAddress::parse("2001:db8::1"), .type = 1, .code = 1};
  EXPECT_EQ(connect_error(EACCES, kTarget, filtered6).code, ErrorCode::admin_prohibited);
}

// The same errno: a router that lacks a route accuses the network, our own table nobody.
TEST(ErrnoMap, AMissingRouteIsOursUnlessARouterSaysSo) {
  const IcmpNotice no_route_there{.from = *IpAddress::parse("198.51.100.1"), .type = 3, .code = 0};
  EXPECT_EQ(connect_error(ENETUNREACH, kTarget, no_route_there),
            (ProbeError{ErrorCode::network_unreachable, Phase::connect,
                        "198.51.100.1 has no route to 192.0.2.7:25"}));
  EXPECT_EQ(no_route(kTarget, ENETUNREACH), connect_error(ENETUNREACH, kTarget));
  EXPECT_EQ(no_route(kTarget, EINVAL).detail,
            "this machine has no route to 192.0.2.7:25 (its routing table says blackhole)");
  EXPECT_EQ(no_route({.ip = *IpAddress::parse("2001:db8::1"), .port = 25}, EADDRNOTAVAIL).detail,
            "this machine has no route to [2001:db8::1]:25 (it has no IPv6)");
}

// A missing socket file is a service that is not there; a forbidden one is our own trouble.
TEST(ErrnoMap, UnixSocketsHaveTheirOwnWords) {
  const SocketAddress path{.unix_path = "/run/x.sock"};
  EXPECT_EQ(connect_error(ENOENT, path), (ProbeError{ErrorCode::tcp_refused, Phase::connect,
                                                     "unix:/run/x.sock does not exist"}));
  EXPECT_EQ(connect_error(ECONNREFUSED, path).detail, "nobody listens on unix:/run/x.sock");
  EXPECT_EQ(connect_error(ECONNREFUSED, {.unix_path = "/"}).detail, "unix:/ is no socket")
      << "so Linux says of a directory and of a plain file";
  EXPECT_EQ(connect_error(EAGAIN, path).code, ErrorCode::timeout);
  EXPECT_EQ(connect_error(EACCES, path), (ProbeError{ErrorCode::local_resource, Phase::connect,
                                                     "no permission to open unix:/run/x.sock"}));
}

TEST(ErrnoMap, AnOpenConnectionThatBreaksKeepsItsPhase) {
  EXPECT_EQ(stream_error(ECONNRESET, Phase::tls),
            (ProbeError{ErrorCode::conn_reset, Phase::tls, "the peer reset the connection"}));
  EXPECT_EQ(stream_error(EPIPE, Phase::data).code, ErrorCode::conn_reset);
  EXPECT_EQ(stream_error(ENOMEM, Phase::data).code, ErrorCode::local_resource);
}

}  // namespace
}  // namespace tocsin
