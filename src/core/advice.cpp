#include "core/advice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/retry.h"
#include "model/preset.h"

namespace tocsin {
namespace {

constexpr uint16_t kSmtpPort = 25;

constexpr std::string_view kQuiet =
    "With close: quiet the service never sees the connection: a check proves only that the kernel "
    "of the host answers. To firewalls and intrusion detection it looks like a SYN scan.";
constexpr std::string_view kQuietIsIdle =
    "close: quiet is for TCP connections on which nothing is said: this one ends in order (fin).";

constexpr std::string_view kCountedByMysql =
    "MySQL and MariaDB count a client that leaves without a word as an error of its host, and "
    "block "
    "the host after max_connect_errors (100) of them. They do not see close: quiet, and they do "
    "not "
    "count the dialogue of the preset mysql.";

bool says_something(const Monitor& monitor) {
  return monitor.expect == Expectation::open &&
         (monitor.tls.mode != TlsMode::off || !is_connect_only(monitor));
}

bool uses_tls(const Monitor& monitor) {
  return monitor.tls.mode != TlsMode::off ||
         std::ranges::any_of(monitor.request, [](const Step& step) {
           return std::holds_alternative<StarttlsStep>(step);
         });
}

bool is_about_tls(const Assertion& assertion) {
  return assertion.source == AssertionSource::tls_time ||
         assertion.source == AssertionSource::tls_version ||
         assertion.source == AssertionSource::cert_days_left;
}

size_t bytes_sent(const Monitor& monitor) {
  size_t bytes = 0;
  for (const Step& step : monitor.request) {
    const auto* const send = std::get_if<SendStep>(&step);
    bytes += send != nullptr ? send->bytes.size() : 0;
  }
  return bytes;
}

std::string counted(size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& parts) {
  if (parts.size() < 2) {
    return parts.empty() ? "" : parts.front();
  }
  return fmt::format("{} and {}", fmt::join(parts.begin(), parts.end() - 1, ", "), parts.back());
}

std::string what_is_done(const Monitor& monitor) {
  const std::string through =
      monitor.proxy ? fmt::format(" through the proxy {}", monitor.proxy->at.text()) : "";
  std::vector<std::string> parts = {fmt::format("connects to {}{} every {}", monitor.target.text(),
                                                through, duration_text(monitor.interval))};
  if (monitor.tls.mode != TlsMode::off) {
    parts.emplace_back("speaks TLS");
  }
  if (const size_t bytes = bytes_sent(monitor); bytes > 0) {
    parts.push_back("sends " + counted(bytes, "byte"));
  }
  const auto answers = static_cast<size_t>(std::ranges::count_if(monitor.request, is_expect));
  if (answers > 0) {
    parts.push_back("waits for " + counted(answers, "answer"));
  }
  if (!monitor.assertions.empty()) {
    parts.push_back("checks " + counted(monitor.assertions.size(), "assertion"));
  }
  std::string sentence = joined(parts);
  sentence.front() = 'C';
  return sentence;
}

std::string what_is_good(const Monitor& monitor) {
  if (monitor.should_fail) {
    return " A failed connection is good.";
  }
  switch (monitor.expect) {
    case Expectation::closed:
      return " Good is a refused connection.";
    case Expectation::unreachable:
      return " Good is that nothing can be reached.";
    case Expectation::open:
      return "";
  }
  return "";
}

std::string who_is_told(const Monitor& monitor) {
  if (monitor.channels.empty() || monitor.muted) {
    return " Nobody is told.";
  }
  const AlertPolicy& alert = monitor.alert;
  std::string when = alert.after_runs == 1
                         ? "at the first bad run"
                         : fmt::format("after {} bad runs in a row", alert.after_runs);
  if (alert.after_minutes) {
    when += fmt::format(" or {} of trouble", duration_text(*alert.after_minutes));
  }
  return fmt::format(" Tells {} {}.", joined(monitor.channels), when);
}

}  // namespace

std::vector<Advice> advise(const Monitor& monitor) {
  std::vector<Advice> advice;
  if (monitor.target.port() == kSmtpPort) {
    advice.push_back({"target",
                      "Many networks let no connection out to port 25: a timeout may be theirs, "
                      "not the target's."});
  }
  const Preset* const preset = preset_of_port(monitor.target.port());
  if (preset != nullptr && preset->tls && monitor.tls.mode == TlsMode::off) {
    advice.push_back(
        {"tls", fmt::format("Port {} usually speaks TLS from the first byte: tls: direct checks "
                            "the certificate too.",
                            monitor.target.port())});
  }
  if (monitor.tls.mode != TlsMode::off && !monitor.tls.verify) {
    advice.push_back({"tls", "With verify: false any certificate will do."});
  }
  if (!uses_tls(monitor) && std::ranges::any_of(monitor.assertions, is_about_tls)) {
    advice.push_back({"assert", "One of these is about TLS, which this monitor does not speak."});
  }
  if (monitor.timeout > monitor.interval) {
    advice.push_back(
        {"timeout", fmt::format("The timeout ({}) is longer than the interval ({}): "
                                "checks that come due meanwhile are skipped.",
                                duration_text(monitor.timeout), duration_text(monitor.interval))});
  }
  if (monitor.channels.empty() && !monitor.muted) {
    advice.push_back({"channels", "No channel is named: nobody is told when it fails."});
  }
  const Preset* const service = find_preset(monitor.preset);
  if (monitor.close != CloseMode::quiet && !says_something(monitor) &&
      (service != nullptr ? service : preset) == find_preset("mysql")) {
    advice.push_back({"close", std::string(kCountedByMysql)});
  }
  if (monitor.close == CloseMode::quiet) {
    const bool is_seen = says_something(monitor) || monitor.target.is_unix();
    advice.push_back({"close", std::string(is_seen ? kQuietIsIdle : kQuiet)});
  }
  return advice;
}

std::string monitor_sentence(const Monitor& monitor) {
  return fmt::format("{}{}; an attempt takes at most {}{}.{}{}",
                     monitor.enabled ? "" : "Is kept but not checked. Once enabled: ",
                     what_is_done(monitor), duration_text(monitor.timeout),
                     attempt_length_max(monitor) > monitor.timeout ? " at each address" : "",
                     what_is_good(monitor), who_is_told(monitor));
}

}  // namespace tocsin
