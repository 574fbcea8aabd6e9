// Commands that find out more. Every one is made of words of ours and of the target, quoted for a
// shell: a definition may come over the API, and people paste what they are shown.
#include <fmt/format.h>

#include <string_view>

#include "core/causes.h"

namespace tocsin {
namespace {

constexpr std::string_view kHarmless =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/[]@%+,";

// As one word of a POSIX shell.
std::string word(std::string_view text) {
  if (!text.empty() && text.find_first_not_of(kHarmless) == std::string_view::npos &&
      !text.contains('[')) {
    return std::string(text);
  }
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return quoted + "'";
}

std::string host_word(const Monitor& monitor) { return word(monitor.target.host()); }

std::string server_name(const Monitor& monitor) {
  return monitor.tls.server_name.empty() ? monitor.target.host() : monitor.tls.server_name;
}

std::string probe_command(const Monitor& monitor) {
  std::string command = fmt::format("tocsin probe {} -v", word(monitor.target.text()));
  if (monitor.tls.mode == TlsMode::starttls) {
    command += fmt::format(" --starttls {}", word(monitor.tls.protocol));
  } else if (monitor.tls.mode == TlsMode::direct) {
    command += " --tls";
  }
  if (monitor.tls.mode != TlsMode::off && !monitor.tls.server_name.empty()) {
    command += fmt::format(" --tls-name {}", word(monitor.tls.server_name));
  }
  if (monitor.source) {
    command += fmt::format(" --source {}", monitor.source->text());
  }
  for (const SocketAddress& server : monitor.resolver) {
    command += fmt::format(" --resolver {}", word(server.text()));
  }
  if (monitor.proxy) {
    command += fmt::format(" --proxy {}", word(proxy_text(*monitor.proxy)));
  }
  return command;
}

// What we connect to ourselves: behind a proxy nothing can be tried from here.
std::string netcat(const Monitor& monitor) {
  const Target& stop = monitor.proxy ? monitor.proxy->at : monitor.target;
  return fmt::format("nc -zv {} {}", word(stop.host()), stop.port());
}

std::string openssl(const Monitor& monitor) {
  const bool is_starttls = monitor.tls.mode == TlsMode::starttls;
  return fmt::format(
      "openssl s_client -connect {} -servername {}{} </dev/null", word(monitor.target.text()),
      word(server_name(monitor)),
      is_starttls ? fmt::format(" -starttls {}", word(monitor.tls.protocol)) : std::string());
}

std::string listeners(const Monitor& monitor) {
  return fmt::format("# on {}: ss -ltnp 'sport = :{}'", host_word(monitor), monitor.target.port());
}

std::string route(const Monitor& monitor) {
  return fmt::format("traceroute -T -p {} {}", monitor.target.port(), host_word(monitor));
}

std::vector<std::string> of_name(const Monitor& monitor) {
  return {fmt::format("dig {} A", host_word(monitor)),
          fmt::format("dig {} AAAA", host_word(monitor)),
          fmt::format("getent ahosts {}", host_word(monitor))};
}

std::vector<std::string> of_connection(const ProbeError& error, const Monitor& monitor) {
  const bool is_refusal = error.code == ErrorCode::tcp_refused;
  if (monitor.proxy && !is_refusal) {
    return {probe_command(monitor), netcat(monitor)};
  }
  return {probe_command(monitor), netcat(monitor),
          is_refusal ? listeners(monitor) : route(monitor)};
}

std::vector<std::string> of_unix(const Monitor& monitor) {
  const std::string path = word(monitor.target.unix_path());
  return {probe_command(monitor), fmt::format("ls -l {}", path),
          fmt::format("ss -lxp src {}", path)};
}

std::vector<std::string> of_own_side(const ProbeError& error, const Monitor& monitor) {
  switch (error.code) {
    case ErrorCode::local_resource:
      return {"ss -s", "ulimit -n"};
    case ErrorCode::resolver_down:
      return {"cat /etc/resolv.conf", fmt::format("dig {} A", host_word(monitor))};
    case ErrorCode::overloaded:
      return {"uptime", "tocsin probe 127.0.0.1:9 -v"};
    case ErrorCode::proxy_failed:
      return {probe_command(monitor), netcat(monitor)};
    default:
      return {"ip -br address", "ip route", "ip -6 route", probe_command(monitor)};
  }
}

}  // namespace

std::vector<std::string> commands_to_try(const ProbeError& error, const Monitor& monitor) {
  if (error_info(error.code).side == ErrorSide::ours) {
    return of_own_side(error, monitor);
  }
  if (monitor.target.is_unix()) {
    return of_unix(monitor);
  }
  switch (error.phase) {
    case Phase::dns:
      return of_name(monitor);
    case Phase::connect:
      return of_connection(error, monitor);
    case Phase::tls:
      return {probe_command(monitor), openssl(monitor)};
    case Phase::data:
      break;
  }
  return {probe_command(monitor) + "v", netcat(monitor)};
}

}  // namespace tocsin
