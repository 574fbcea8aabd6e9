#include "probe/errno_map.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include "core/evaluate.h"

namespace tocsin {
namespace {

std::string errno_text(int error) { return std::generic_category().message(error); }

std::string local_detail(int error, const SocketAddress& to) {
  switch (error) {
    case EMFILE:
      return "this process has no file descriptor left (RLIMIT_NOFILE)";
    case ENFILE:
      return "this machine has no file descriptor left (fs.file-max)";
    case ENOBUFS:
    case ENOMEM:
      return "the kernel has no memory left for sockets";
    case EADDRNOTAVAIL:
      return fmt::format("no local port or address is left for {}", to.text());
    case kNoSuchSource:
      return fmt::format("{}of this check", kNoSource);
    case EACCES:
    case EPERM:
      return to.is_unix()
                 ? fmt::format("no permission to open {}", to.text())
                 : fmt::format("a rule or a route of this machine forbids a connection to {}",
                               to.text());
    case ENAMETOOLONG:
      return fmt::format("{}: the path is too long for a unix socket", to.text());
    default:
      return fmt::format("{} ({})", errno_text(error), error);
  }
}

ProbeError at_connect(ErrorCode code, std::string detail) {
  return {code, Phase::connect, std::move(detail)};
}

std::optional<ProbeError> from_icmp(int error, const SocketAddress& to, const IcmpNotice& icmp) {
  const std::string by = icmp.from.text();
  if (meaning_of(icmp) == IcmpMeaning::prohibited) {
    return at_connect(ErrorCode::admin_prohibited,
                      fmt::format("{} says that connections to {} are forbidden", by, to.text()));
  }
  if (error == ENETUNREACH) {
    return at_connect(ErrorCode::network_unreachable,
                      fmt::format("{} has no route to {}", by, to.text()));
  }
  if (error == EHOSTUNREACH) {
    return at_connect(ErrorCode::host_unreachable,
                      fmt::format("{} cannot reach {}", by, to.text()));
  }
  return std::nullopt;
}

bool is_no_socket(const std::string& path) {
  std::error_code trouble;
  const std::filesystem::file_status what = std::filesystem::status(path, trouble);
  return std::filesystem::exists(what) && !std::filesystem::is_socket(what);
}

ProbeError from_unix(int error, const SocketAddress& to) {
  switch (error) {
    case ECONNREFUSED:  // Linux says it of plain files too
      return at_connect(ErrorCode::tcp_refused,
                        is_no_socket(to.unix_path)
                            ? to.text() + std::string(kNoSocket)
                            : fmt::format("nobody listens on {}", to.text()));
    case ENOENT:
      return at_connect(ErrorCode::tcp_refused, to.text() + std::string(kNoSuchPath));
    case ENOTSOCK:
    case EPROTOTYPE:
      return at_connect(ErrorCode::tcp_refused,
                        fmt::format("{} is not a stream socket", to.text()));
    case EAGAIN:
      return at_connect(ErrorCode::timeout,
                        fmt::format("the queue of connections of {} is full", to.text()));
    default:
      return at_connect(ErrorCode::local_resource, local_detail(error, to));
  }
}

}  // namespace

// connect(2): EAGAIN is "no more free local ports" on an IP socket, and a full queue on a unix one.
Shortage shortage_of(int error, const SocketAddress& to) {
  switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return Shortage::machine;
    case EADDRNOTAVAIL:
    case EAGAIN:
    case EPERM:
      return to.is_unix() ? Shortage::none : Shortage::destination;
    default:
      return Shortage::none;
  }
}

ProbeError own_word(const SocketAddress& to, const IcmpNotice& icmp,
                    const std::optional<FirstRouter>& router) {
  const IcmpMeaning meaning = meaning_of(icmp);
  if (meaning == IcmpMeaning::prohibited || meaning == IcmpMeaning::port_unreachable) {
    return at_connect(ErrorCode::local_resource, local_detail(EPERM, to));
  }
  return router ? silent_router(to, router->ip)
                : at_connect(ErrorCode::host_unreachable,
                             fmt::format("{}{}", kNoNeighbour, to.text()));
}

ProbeError silent_router(const SocketAddress& to, const IpAddress& router) {
  return at_connect(ErrorCode::self_offline,
                    fmt::format("{}{} towards {}", kSilentRouter, router.text(), to.text()));
}

ProbeError no_route(const SocketAddress& to, int error) {
  std::string detail = fmt::format("{}{}", kNoRouteTo, to.text());
  switch (error) {
    case EHOSTUNREACH:
      detail += " (its routing table says unreachable)";
      break;
    case EINVAL:
      detail += " (its routing table says blackhole)";
      break;
    case EACCES:
      detail += " (its rules or its routing table forbid it)";
      break;
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      detail += fmt::format(" (it has no IPv{})", to.ip.family == Family::v4 ? 4 : 6);
      break;
    default:
      break;
  }
  return at_connect(ErrorCode::self_offline, std::move(detail));
}

ProbeError connect_error(int error, const SocketAddress& to,
                         const std::optional<IcmpNotice>& icmp) {
  if (icmp) {
    if (auto said = from_icmp(error, to, *icmp)) {
      return *said;
    }
  }
  if (to.is_unix()) {
    return from_unix(error, to);
  }
  switch (error) {
    case ECONNREFUSED:
      return at_connect(ErrorCode::tcp_refused, fmt::format("{} answered with a reset", to.text()));
    case ETIMEDOUT:
      return at_connect(ErrorCode::timeout,
                        fmt::format("no answer from {}; the kernel gave up", to.text()));
    case ENETUNREACH:  // no router said it: Linux keeps what they say
      return no_route(to, error);
    case EHOSTUNREACH:
      return at_connect(ErrorCode::host_unreachable,
                        fmt::format("{} cannot be reached", to.text()));
    case ECONNRESET:
    case EPIPE:
      return at_connect(ErrorCode::conn_reset, fmt::format("{} reset the connection", to.text()));
    case ENOPROTOOPT:
    case EPROTO:
      return at_connect(ErrorCode::host_unreachable,
                        fmt::format("an ICMP error about {}: {}", to.text(), errno_text(error)));
    default:
      return at_connect(ErrorCode::local_resource, local_detail(error, to));
  }
}

ProbeError stream_error(int error, Phase phase) {
  switch (error) {
    case ECONNRESET:
    case EPIPE:
    case ECONNREFUSED:
      return {ErrorCode::conn_reset, phase, "the peer reset the connection"};
    case ETIMEDOUT:
      return {ErrorCode::timeout, phase,
              "the peer acknowledged nothing any more; the kernel gave up"};
    case ENETUNREACH:
      return {ErrorCode::network_unreachable, phase,
              "the route was lost while the connection was open"};
    case EHOSTUNREACH:
      return {ErrorCode::host_unreachable, phase,
              "the host became unreachable while the connection was open"};
    default:
      return {ErrorCode::local_resource, phase, fmt::format("{} ({})", errno_text(error), error)};
  }
}

}  // namespace tocsin
