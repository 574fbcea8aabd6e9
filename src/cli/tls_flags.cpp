#include "cli/tls_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/limits.h"

namespace tocsin::cli {
namespace {

constexpr size_t kAlpnMax = 10;
constexpr size_t kAlpnBytesMax = 255;  // RFC 7301 3.1
// Each speaks of TLS, so that --tls need not be written beside it.
constexpr std::array kOfTls = {"tls",  "tls-name",         "no-verify", "ca-file",
                               "alpn", "certificate-file", "key-file",  "min-version"};

Result<std::string> read_text(const Arguments& arguments, const std::string& flag,
                              size_t bytes_max) {
  const std::optional<std::string> text = arguments.value(flag);
  if (text && (text->empty() || text->size() > bytes_max)) {
    return fail(ErrorKind::invalid_input, fmt::format("--{}: 1 to {} bytes", flag, bytes_max));
  }
  return text.value_or("");
}

Result<void> read_files(const Arguments& arguments, TlsOptions& tls) {
  constexpr size_t kPathBytesMax = 4096;
  const std::array files = {std::pair("ca-file", &tls.ca_file),
                            std::pair("certificate-file", &tls.certificate_file),
                            std::pair("key-file", &tls.key_file)};
  for (const auto& [flag, file] : files) {
    Result<std::string> path = read_text(arguments, flag, kPathBytesMax);
    if (!path) {
      return std::unexpected(path.error());
    }
    *file = std::move(*path);
  }
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    return fail(ErrorKind::invalid_input, "--certificate-file and --key-file come together");
  }
  return {};
}

Result<void> read_alpn(const Arguments& arguments, TlsOptions& tls) {
  tls.alpn = arguments.all("alpn");
  const auto is_sound = [](const std::string& protocol) {
    return !protocol.empty() && protocol.size() <= kAlpnBytesMax;
  };
  if (tls.alpn.size() > kAlpnMax || !std::ranges::all_of(tls.alpn, is_sound)) {
    return fail(
        ErrorKind::invalid_input,
        fmt::format("--alpn: at most {} protocols of 1 to {} bytes each", kAlpnMax, kAlpnBytesMax));
  }
  return {};
}

}  // namespace

std::vector<FlagSpec> tls_flags() {
  return {
      {.name = "tls", .help = "Speak TLS from the first byte; the flags that follow imply it"},
      {.name = "tls-name",
       .value = "NAME",
       .help = "Ask for and check this name instead of the host"},
      {.name = "no-verify", .help = "Do not verify the certificate"},
      {.name = "ca-file",
       .value = "FILE",
       .help = "Trust these authorities (PEM) instead of the system's"},
      {.name = "certificate-file", .value = "FILE", .help = "Show this client certificate (PEM)"},
      {.name = "key-file", .value = "FILE", .help = "The key of the client certificate (PEM)"},
      {.name = "alpn",
       .value = "PROTOCOL",
       .help = "Offer this application protocol; may be repeated",
       .repeatable = true},
      {.name = "min-version",
       .value = "VERSION",
       .help = "Oldest TLS version that is accepted",
       .choices = {"1.2", "1.3"}},
      {.name = "starttls",
       .value = "PROTOCOL",
       .help = "Ask for TLS first, in the words of",
       .choices = {"smtp", "imap", "pop3", "ftp", "ldap", "xmpp", "postgres", "mysql"}},
  };
}

Result<TlsOptions> read_tls(const Arguments& arguments, const Preset* preset,
                            std::span<const Step> request) {
  TlsOptions tls;
  const auto is_given = [&arguments](const char* flag) { return arguments.has(flag); };
  const auto is_upgrade = [](const Step& step) {
    return std::holds_alternative<StarttlsStep>(step);
  };
  if (arguments.has("starttls") || std::ranges::any_of(request, is_upgrade)) {
    if (arguments.has("tls")) {
      return fail(ErrorKind::invalid_input, "--tls and --starttls exclude each other");
    }
    tls.mode = TlsMode::starttls;
    tls.protocol = arguments.value("starttls").value_or("");
  } else if (std::ranges::any_of(kOfTls, is_given) || (preset != nullptr && preset->tls)) {
    tls.mode = TlsMode::direct;
  }
  Result<std::string> name = read_text(arguments, "tls-name", kHostBytesMax);
  if (!name) {
    return std::unexpected(name.error());
  }
  tls.server_name = std::move(*name);
  tls.verify = !arguments.has("no-verify");
  tls.min_version = arguments.value("min-version").value_or("");
  if (const Result<void> files = read_files(arguments, tls); !files) {
    return std::unexpected(files.error());
  }
  if (const Result<void> alpn = read_alpn(arguments, tls); !alpn) {
    return std::unexpected(alpn.error());
  }
  return tls;
}

}  // namespace tocsin::cli
