#include "probe/proxy_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/bytes.h"
#include "base/letter_case.h"
#include "core/evaluate.h"

namespace tocsin {
namespace {

using enum ErrorCode;

constexpr size_t kReasonShown = 100;  // bytes of the proxy's own words

struct SocksReply {
  ErrorCode code;
  std::string_view words;
};

// By reply code from 1 on. A general failure may be anything; most proxies say it also for a name
// that they cannot look up, because their resolver is down or because there is none.
constexpr std::array kSocksReplies = {SocksReply{proxy_failed, "general failure"},
                                      SocksReply{proxy_failed, "not allowed by its rules"},
                                      SocksReply{network_unreachable, "network unreachable"},
                                      SocksReply{host_unreachable, "host unreachable"},
                                      SocksReply{tcp_refused, "connection refused"},
                                      SocksReply{timeout, "TTL expired"},
                                      SocksReply{proxy_failed, "command not supported"},
                                      SocksReply{proxy_failed, "kind of address not supported"}};

struct Word {
  std::string_view word;
  ErrorCode code;
};

// RFC 9209 2.3: of these the target is the cause; of all others the proxy may be. A name is said
// not to exist by dns_error with one of kNoSuchName.
constexpr std::array kProxyErrors = {Word{"connection_refused", tcp_refused},
                                     Word{"connection_timeout", timeout},
                                     Word{"destination_unavailable", host_unreachable},
                                     Word{"destination_not_found", host_unreachable},
                                     Word{"destination_ip_unroutable", network_unreachable}};
constexpr std::array<std::string_view, 2> kNoSuchName = {"NXDOMAIN", "\"NXDOMAIN\""};

// Squid: "ERR_CONNECT_FAIL 111", the number being errno. Its ERR_DNS_FAIL is that of a dead
// resolver too.
constexpr std::array kSquidErrors = {Word{"ERR_CONNECT_FAIL 111", tcp_refused},
                                     Word{"ERR_CONNECT_FAIL 110", timeout},
                                     Word{"ERR_CONNECT_FAIL 113", host_unreachable},
                                     Word{"ERR_CONNECT_FAIL 101", network_unreachable}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::string_view(" \t\r").contains(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

// "HTTP/1.1 503 Service Unavailable"
void read_status_line(std::string_view line, HttpAnswer& answer) {
  const size_t space = std::min(line.find(' '), line.size());
  line = trimmed(line.substr(space));
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), answer.status);
  const auto digits = static_cast<size_t>(end - line.data());
  if (error != std::errc() || digits != 3) {
    answer.status = 0;
    return;
  }
  answer.reason = trimmed(line.substr(digits));
}

// The value of a parameter of a Proxy-Status list, "error=" or "rcode="; of the first that has one.
std::string_view status_parameter(std::string_view value, std::string_view key) {
  const size_t at = value.find(key);
  if (at == std::string_view::npos) {
    return {};
  }
  value.remove_prefix(at + key.size());
  return trimmed(value.substr(0, std::min(value.find_first_of(";, "), value.size())));
}

template <class Words, class Fits>
std::optional<ErrorCode> code_of(const Words& words, Fits fits) {
  const auto found = std::ranges::find_if(words, fits, &Word::word);
  return found == words.end() ? std::nullopt : std::optional(found->code);
}

std::optional<ErrorCode> told_code(const HttpAnswer& answer) {
  // A reason in words goes before the status: one that names the proxy is its own, whatever status
  // it chose.
  if (const auto error = status_parameter(answer.proxy_status, "error="); !error.empty()) {
    if (error == "dns_error") {
      const auto rcode = status_parameter(answer.proxy_status, "rcode=");
      return std::ranges::find(kNoSuchName, rcode) != kNoSuchName.end()
                 ? std::optional(host_not_found)
                 : std::nullopt;
    }
    return code_of(kProxyErrors, [&](std::string_view word) { return error == word; });
  }
  if (!answer.squid_error.empty()) {
    return code_of(kSquidErrors,
                   [&](std::string_view word) { return answer.squid_error.starts_with(word); });
  }
  // RFC 9110 15.6.3, 15.6.5: the trouble lies behind the proxy.
  if (answer.status == 502) {
    return host_unreachable;
  }
  if (answer.status == 504) {
    return timeout;
  }
  // What tinyproxy says of every connect that failed.
  if (answer.status == 500 && answer.reason == "Unable to connect") {
    return host_unreachable;
  }
  return std::nullopt;
}

}  // namespace

HttpAnswer read_http_answer(std::string_view head) {
  HttpAnswer answer;
  bool is_first = true;
  while (!head.empty()) {
    const size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (is_first) {
      read_status_line(line, answer);
      is_first = false;
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      continue;
    }
    const std::string name = ascii_lower(line.substr(0, colon));
    if (name == "proxy-status") {
      answer.proxy_status = trimmed(line.substr(colon + 1));
    } else if (name == "x-squid-error") {
      answer.squid_error = trimmed(line.substr(colon + 1));
    }
  }
  return answer;
}

ProbeError socks_refusal(uint8_t reply) {
  const SocksReply known = reply <= kSocksReplies.size()
                               ? kSocksReplies[reply - size_t{1}]
                               : SocksReply{proxy_failed, "a reply that RFC 1928 does not know"};
  return {known.code, Phase::connect,
          fmt::format("{}{} (SOCKS5 reply {})", kProxyRefused, known.words, reply)};
}

ProbeError http_refusal(const HttpAnswer& answer) {
  if (answer.status == 0) {
    return {proxy_failed, Phase::connect, "its answer has no HTTP status"};
  }
  std::string words = escape_for_display(answer.reason, kReasonShown);
  if (answer.status == 407) {
    words = "it wants a name and a password, or others than these";
  }
  std::string_view beside = status_parameter(answer.proxy_status, "error=");
  beside = beside.empty() ? std::string_view(answer.squid_error) : beside;
  return {told_code(answer).value_or(proxy_failed), Phase::connect,
          fmt::format("{}{}{}HTTP status {}{}{})", kProxyRefused, words, words.empty() ? "(" : " (",
                      answer.status, beside.empty() ? "" : ", ",
                      escape_for_display(beside, kReasonShown))};
}

}  // namespace tocsin
