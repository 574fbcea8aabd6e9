#include "cli/probe_command.h"

#include <algorithm>
#include <iterator>

#include "cli/probe_json.h"
#include "cli/probe_options.h"
#include "cli/probe_session.h"
#include "cli/probe_statistics.h"
#include "cli/probe_text.h"
#include "cli/tls_flags.h"
#include "core/advice.h"
#include "probe/probe_plan.h"
#include "probe/tls_context.h"

namespace tocsin::cli {
namespace {

// Prints results as they come and remembers what the exit code needs.
class Reporter {
 public:
  Reporter(const ProbeOptions& options, const Shell& shell)
      : options_(options),
        shell_(shell),
        text_{.style = shell.out_style, .verbosity = options.verbosity},
        statistics_(options.monitors.size()) {
    for (const auto& monitor : options.monitors) {
      text_.target_width = std::max(text_.target_width, display_width(monitor->target.text()));
    }
  }

  void probe(size_t target, const Attempt& attempt, const Evidence* evidence) {
    const Monitor& monitor = *options_.monitors[target];
    statistics_[target].add(attempt);
    const Verdict verdict = attempt.evaluation.verdict;
    all_good_ = all_good_ && (verdict == Verdict::passed || verdict == Verdict::degraded);
    if (options_.json) {
      shell_.out << probe_json(monitor, attempt, evidence, options_.verbosity >= 2);
    } else {
      shell_.print(probe_text(monitor, attempt, evidence, text_));
    }
    shell_.out.flush();
  }

  void finish() const {
    if (!options_.statistics) {
      return;
    }
    for (size_t target = 0; target < statistics_.size(); ++target) {
      const Monitor& monitor = *options_.monitors[target];
      if (options_.json) {
        shell_.out << statistics_json(monitor, statistics_[target]);
      } else {
        shell_.print((target == 0 ? "\n" : "") +
                     statistics_text(monitor, statistics_[target], shell_.out_style));
      }
    }
    shell_.out.flush();
  }

  [[nodiscard]] bool all_good() const { return all_good_; }

 private:
  const ProbeOptions& options_;
  const Shell& shell_;
  ProbeTextOptions text_;
  std::vector<ProbeStatistics> statistics_;
  bool all_good_ = true;
};

// What was asked for and is not done.
void tell_idle_close(const ProbeOptions& options, const Shell& shell) {
  const Monitor& monitor = *options.monitors.front();
  const bool is_seen = close_of(monitor) != CloseMode::quiet || monitor.target.is_unix();
  if (monitor.close != CloseMode::quiet || !is_seen) {
    return;
  }
  for (const Advice& advice : advise(monitor)) {
    if (advice.field == "close") {
      shell.say("tocsin probe: " + advice.message);
    }
  }
}

// All targets have the same. What the system trusts is looked at by the probe.
std::optional<std::string> unusable_file(const TlsOptions& tls) {
  if (tls.ca_file.empty() && tls.certificate_file.empty()) {
    return std::nullopt;
  }
  const auto context = TlsContexts().get(tls);
  return context ? std::nullopt : std::optional(context.error().detail);
}

ExitCode run(const Arguments& arguments, Shell& shell) {
  const Result<ProbeOptions> options = read_probe_options(arguments, shell.in);
  if (!options) {
    shell.say("tocsin probe: " + options.error().message);
    return ExitCode::usage;
  }
  if (const auto trouble = unusable_file(options->monitors.front()->tls)) {
    shell.say("tocsin probe: " + *trouble);
    return ExitCode::usage;
  }
  tell_idle_close(*options, shell);
  Reporter reporter(*options, shell);
  const auto end = run_probe_session(
      *options, [&reporter](size_t target, const Attempt& attempt, const Evidence* evidence) {
        reporter.probe(target, attempt, evidence);
        return true;
      });
  if (!end) {
    shell.say("tocsin probe: " + end.error().message);
    return ExitCode::failed;
  }
  reporter.finish();
  if (end->interrupted) {
    return ExitCode::interrupted;
  }
  return reporter.all_good() ? ExitCode::ok : ExitCode::failed;
}

std::vector<FlagSpec> flags() {
  std::vector<FlagSpec> flags = {
      {.name = "preset",
       .value = "NAME",
       .help = "Speak the service's own language and know its port (redis, smtp, ...)"},
      {.name = "send", .value = "TEXT", .help = R"(Send this; \r \n \t \0 \xHH are escapes)"},
      {.name = "expect", .value = "TEXT", .help = "Wait for these bytes; the same escapes"},
      {.name = "expect-regex", .value = "PATTERN", .help = "Wait for a match (RE2 syntax)"},
      {.name = "request",
       .value = "YAML",
       .help = "Steps of send, expect and starttls, as a monitor's request has them"},
      {.name = "assert",
       .value = "ASSERTION",
       .help = "Demand this of the result, like 'response_time < 200ms'; may be repeated",
       .repeatable = true},
  };
  std::ranges::move(tls_flags(), std::back_inserter(flags));
  const std::vector<FlagSpec> rest = {
      {.name = "close",
       .value = "MODE",
       .help = "In order (fin), at once (rst), or so that the service never sees it (quiet)",
       .choices = {"fin", "quiet", "rst"}},
      {.name = "count", .value = "N", .help = "Probe each target N times and show percentiles"},
      {.name = "interval", .value = "DURATION", .help = "Time between those probes (1s)"},
      {.name = "timeout",
       .value = "DURATION",
       .help = "For one whole probe, dns to last byte (10s)"},
      {.name = "ipv4", .letter = '4', .help = "Use IPv4 (names do unless told otherwise)"},
      {.name = "ipv6", .letter = '6', .help = "Use IPv6"},
      {.name = "auto", .help = "Use IPv6 or IPv4, whichever answers first (RFC 8305)"},
      {.name = "all-addresses", .help = "Probe every address of a name; the worst decides"},
      {.name = "source", .value = "ADDRESS", .help = "Connect from this address of this machine"},
      {.name = "resolver",
       .value = "ADDRESS",
       .help = "Ask this resolver for the name, ADDRESS or ADDRESS:PORT; may be repeated",
       .repeatable = true},
      {.name = "proxy",
       .value = "URL",
       .help = "Connect through socks5://HOST:PORT or http://HOST:PORT, with USER:PASSWORD@ where "
               "it asks for them"},
      {.name = "json", .help = "One JSON object a line"},
      {.name = "verbose",
       .letter = 'v',
       .help =
           "Addresses, kernel times, bytes, TLS, the time of each step; -vv: every byte with its "
           "time, and why it failed",
       .repeatable = true},
  };
  flags.insert(flags.end(), rest.begin(), rest.end());
  return flags;
}

}  // namespace

CommandSpec probe_command() {
  return {
      .name = "probe",
      .summary = "Probe TCP endpoints once and show what happened.",
      .examples = {{"tocsin probe db.example.com:5432"},
                   {"tocsin probe mail.example.com --preset smtp --starttls smtp"},
                   {R"(tocsin probe cache:6379 --send 'PING\r\n' --expect '+PONG' --json)"},
                   {"tocsin probe nats:4222 --request '[{expect: {json: $.server_id}}]' -v"},
                   {"tocsin probe db:5432 --count 20 --interval 200ms", "percentiles, like ping"},
                   {"tocsin probe db:5432 --proxy socks5://bastion.example.com:1080 -v"},
                   {"tocsin probe db:5432 -vv", "find out why it fails"},
                   {R"(printf 'a:22\nb:22\n' | tocsin probe -)", "many, in parallel"}},
      .arguments = {{.name = "HOST:PORT",
                     .help = "What to probe: host:port, [v6]:port, unix:/path; - reads one a line",
                     .many = true}},
      .flags = flags(),
      .notes = "Exit status: 0 all passed, 1 one failed or could not be probed, 2 usage.",
      .run = run,
  };
}

}  // namespace tocsin::cli
