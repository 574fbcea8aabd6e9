// Commands that find out more. Every one is made of words of ours and of the target, quoted for a
// shell: a definition may come over the API, and people paste what they are shown.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/causes.h"
#include "core/evaluate.h"
#include "core/shell_word.h"
#include "model/dns_server.h"

namespace tocsin {
namespace {

std::string word(std::string_view text) { return shell_word(text); }

std::string host_word(const Monitor& monitor) { return word(monitor.target.host()); }

// To which this machine connects: behind a proxy nothing else can be tried from here.
const Target& first_stop_of(const Monitor& monitor) {
  return monitor.proxy ? monitor.proxy->at : monitor.target;
}

// Where the attempt went, if it got so far.
std::optional<IpAddress> tried(const Monitor& monitor, const ProbeResult& result) {
  if (!monitor.proxy) {
    return result.remote ? std::optional(result.remote->ip) : std::nullopt;
  }
  const bool has = result.proxy && result.proxy->address;
  return has ? std::optional(result.proxy->address->ip) : std::nullopt;
}

// For programs that would ask the system's resolver: where the monitor has another, the address
// that this one gave.
std::string host_for_others(const Monitor& monitor, const ProbeResult& result) {
  const Target& stop = first_stop_of(monitor);
  const auto address = tried(monitor, result);
  return !monitor.resolver.empty() && address ? address->text() : stop.host();
}

// Both, unless the monitor, its source or the attempt says which.
std::optional<Family> family_of(const Monitor& monitor, const ProbeResult& result) {
  if (monitor.target.is_unix() || first_stop_of(monitor).literal()) {
    return std::nullopt;  // it says so itself
  }
  if (monitor.source) {
    return monitor.source->family;
  }
  const bool is_open = monitor.proxy || monitor.ip_family == IpFamily::automatic ||
                       monitor.ip_family == IpFamily::all;
  if (is_open) {
    const auto address = tried(monitor, result);
    return address ? std::optional(address->family) : std::nullopt;
  }
  return monitor.ip_family == IpFamily::ipv6 ? Family::v6 : Family::v4;
}

std::string family_flag(const Monitor& monitor, const ProbeResult& result) {
  const auto family = family_of(monitor, result);
  return !family ? "" : *family == Family::v4 ? " -4" : " -6";
}

// "host:port" or "[v6]:port"
std::string with_port(const std::string& host, uint16_t port) {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

// Flag and value of each file, where one is named.
std::string file_flags(
    const std::array<std::pair<std::string_view, const std::string*>, 3>& files) {
  std::string flags;
  for (const auto& [flag, file] : files) {
    flags += file->empty() ? "" : fmt::format(" {} {}", flag, word(*file));
  }
  return flags;
}

// What is asked of TLS beyond how it begins.
std::string tls_flags(const TlsOptions& tls) {
  if (tls.mode == TlsMode::off) {
    return {};
  }
  std::string flags =
      tls.server_name.empty() ? "" : fmt::format(" --tls-name {}", word(tls.server_name));
  flags += tls.verify ? "" : " --no-verify";
  flags += file_flags({{{"--ca-file", &tls.ca_file},
                        {"--certificate-file", &tls.certificate_file},
                        {"--key-file", &tls.key_file}}});
  for (const std::string& protocol : tls.alpn) {
    flags += fmt::format(" --alpn {}", word(protocol));
  }
  flags += tls.min_version.empty() ? "" : fmt::format(" --min-version {}", word(tls.min_version));
  return flags;
}

// All of the monitor but its dialogue. A name is asked for IPv4 unless told otherwise, as a
// monitor's is.
std::string probe_command(const Monitor& monitor, const ProbeResult& result,
                          std::string_view verbose = "-v") {
  std::string command = fmt::format("tocsin probe {} {}", word(monitor.target.text()), verbose);
  if (monitor.tls.mode == TlsMode::starttls && !starttls_protocol(monitor).empty()) {
    command += fmt::format(" --starttls {}", word(starttls_protocol(monitor)));
  } else if (monitor.tls.mode == TlsMode::direct) {
    command += " --tls";
  }
  command += tls_flags(monitor.tls);
  if (monitor.ip_family == IpFamily::all && !monitor.proxy) {
    command += " --all-addresses";
  } else if (monitor.ip_family == IpFamily::automatic && !monitor.proxy &&
             !tried(monitor, result)) {
    command += " --auto";
  } else if (!monitor.proxy && family_of(monitor, result) == Family::v6) {
    command += " -6";
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
  if (monitor.timeout != Monitor().timeout) {
    command += fmt::format(" --timeout {}", duration_text(monitor.timeout));
  }
  if (monitor.close != CloseMode::fin) {
    command += fmt::format(" --close {}", close_mode_name(monitor.close));
  }
  return command;
}

std::string netcat(const Monitor& monitor, const ProbeResult& result) {
  return fmt::format("nc -zv{}{} {} {}", family_flag(monitor, result),
                     monitor.source ? fmt::format(" -s {}", monitor.source->text()) : "",
                     word(host_for_others(monitor, result)), first_stop_of(monitor).port());
}

// Who asks for what, as one word each: `openssl s_client` knows all that a monitor can ask of TLS.
std::string tls_words(const Monitor& monitor) {
  const TlsOptions& tls = monitor.tls;
  std::string words;
  const bool is_name = !tls.server_name.empty() || !monitor.target.literal();
  if (is_name) {
    const std::string name =
        word(tls.server_name.empty() ? monitor.target.host() : tls.server_name);
    words = fmt::format(" -servername {}{}", name,
                        tls.verify ? fmt::format(" -verify_hostname {}", name) : "");
  } else {
    words = " -noservername";
    words += tls.verify ? fmt::format(" -verify_ip {}", monitor.target.literal()->text()) : "";
  }
  if (tls.mode == TlsMode::starttls && !starttls_protocol(monitor).empty()) {
    words += fmt::format(" -starttls {}", word(starttls_protocol(monitor)));
  }
  if (!tls.alpn.empty()) {
    words += fmt::format(" -alpn {}", word(fmt::format("{}", fmt::join(tls.alpn, ","))));
  }
  words += file_flags(
      {{{"-CAfile", &tls.ca_file}, {"-cert", &tls.certificate_file}, {"-key", &tls.key_file}}});
  if (!tls.min_version.empty()) {
    words += fmt::format(" -min_protocol TLSv{}", word(tls.min_version));
  }
  return words;
}

// It goes through HTTP proxies alone, and does not know a password that is hidden from us, too.
bool openssl_gets_there(const Monitor& monitor) {
  return !monitor.proxy || (monitor.proxy->kind == ProxyKind::http && monitor.proxy->user.empty());
}

std::string openssl(const Monitor& monitor, const ProbeResult& result) {
  const std::string at = with_port(host_for_others(monitor, result), first_stop_of(monitor).port());
  const std::string way =
      monitor.proxy ? fmt::format("-proxy {} -connect {}", word(at), word(monitor.target.text()))
                    : fmt::format("-connect {}", word(at));
  const std::string from =
      monitor.source ? " -bind " + word(with_port(monitor.source->text(), 0)) : "";
  return fmt::format("openssl s_client {}{}{}{} </dev/null", way, family_flag(monitor, result),
                     from, tls_words(monitor));
}

std::string listeners(const Monitor& monitor) {
  return fmt::format("# on {}: ss -ltnp 'sport = :{}'", host_word(monitor), monitor.target.port());
}

std::string route(const Monitor& monitor, const ProbeResult& result) {
  return fmt::format("traceroute -T -p {}{}{} {}", monitor.target.port(),
                     family_flag(monitor, result),
                     monitor.source ? fmt::format(" -s {}", monitor.source->text()) : "",
                     word(host_for_others(monitor, result)));
}

// Of the first resolver, as all are asked in turn for the same.
std::string dig(const Monitor& monitor, std::string_view type) {
  std::string asked;
  if (!monitor.resolver.empty()) {
    const SocketAddress& server = monitor.resolver.front();
    asked = fmt::format(" @{}", server.ip.text());
    asked += server.port == kDnsPort ? "" : fmt::format(" -p {}", server.port);
  }
  return fmt::format("dig{} {} {}", asked, word(first_stop_of(monitor).host()), type);
}

std::vector<std::string> of_name(const Monitor& monitor) {
  const auto family = family_of(monitor, {});
  std::vector<std::string> lines;
  if (family != Family::v6) {
    lines.push_back(dig(monitor, "A"));
  }
  if (family != Family::v4) {
    lines.push_back(dig(monitor, "AAAA"));
  }
  lines.push_back(monitor.resolver.empty()
                      ? fmt::format("getent ahosts {}", word(first_stop_of(monitor).host()))
                      : probe_command(monitor, {}));
  return lines;
}

std::vector<std::string> of_connection(const ProbeError& error, const Monitor& monitor,
                                       const ProbeResult& result) {
  const bool is_refusal = error.code == ErrorCode::tcp_refused;
  if (monitor.proxy && !is_refusal) {
    return {probe_command(monitor, result), netcat(monitor, result)};
  }
  return {probe_command(monitor, result), netcat(monitor, result),
          is_refusal ? listeners(monitor) : route(monitor, result)};
}

std::vector<std::string> of_tls(const Monitor& monitor, const ProbeResult& result) {
  std::vector<std::string> lines = {probe_command(monitor, result)};
  if (openssl_gets_there(monitor)) {
    lines.push_back(openssl(monitor, result));
  }
  return lines;
}

std::vector<std::string> of_unix(const Monitor& monitor) {
  const std::string path = word(monitor.target.unix_path());
  return {probe_command(monitor, {}), fmt::format("ls -l {}", path),
          fmt::format("ss -lxp src {}", path)};
}

// A check that got as far as its dialogue is done again with it; else the way there is enough. With
// a starttls step TLS is part of the dialogue.
bool needs_dialogue_to_fail(const ProbeError& error, const Monitor& monitor) {
  return error.phase == Phase::data || (error.phase == Phase::tls && has_starttls_step(monitor));
}

// The first of `lines` is the command of the check itself.
void add_dialogue(const Monitor& monitor, SendsShown shown, std::vector<std::string>& lines) {
  const DialogueFlags said = dialogue_flags(monitor, shown);
  lines.front() += said.flags;
  if (!said.left_out.empty()) {
    lines.insert(lines.begin() + 1,
                 fmt::format("{} {}: it may pass", kCommandLacks, said.left_out));
  }
}

std::vector<std::string> of_own_side(const ProbeError& error, const Monitor& monitor,
                                     const ProbeResult& result) {
  switch (error.code) {
    case ErrorCode::local_resource:
      if (error.detail.starts_with(kNoSource)) {
        return {"ip -br address", probe_command(monitor, result)};
      }
      if (error.detail.starts_with(kUnusableFile)) {
        return {probe_command(monitor, result)};
      }
      return {"ss -s", "ulimit -n"};
    case ErrorCode::resolver_down:
      return {monitor.resolver.empty() ? "cat /etc/resolv.conf" : probe_command(monitor, result),
              dig(monitor, family_of(monitor, {}) == Family::v6 ? "AAAA" : "A")};
    case ErrorCode::overloaded:
      return {"uptime", "tocsin probe 127.0.0.1:9 -v"};
    case ErrorCode::proxy_failed:
      return {probe_command(monitor, result), netcat(monitor, result)};
    default:
      return {"ip -br address", "ip route", "ip -6 route", probe_command(monitor, result)};
  }
}

std::vector<std::string> of_target(const ProbeError& error, const Monitor& monitor,
                                   const ProbeResult& result) {
  if (monitor.target.is_unix()) {
    return of_unix(monitor);
  }
  switch (error.phase) {
    case Phase::dns:
      return of_name(monitor);
    case Phase::connect:
      return of_connection(error, monitor, result);
    case Phase::tls:
      return of_tls(monitor, result);
    case Phase::data:
      break;
  }
  return {probe_command(monitor, result, "-vv"), netcat(monitor, result)};
}

}  // namespace

std::vector<std::string> commands_to_try(const ProbeError& error, const Monitor& monitor,
                                         const ProbeResult& result, SendsShown shown) {
  if (error_info(error.code).side == ErrorSide::ours) {
    return of_own_side(error, monitor, result);
  }
  std::vector<std::string> lines = of_target(error, monitor, result);
  if (needs_dialogue_to_fail(error, monitor)) {
    add_dialogue(monitor, shown, lines);
  }
  return lines;
}

}  // namespace tocsin
