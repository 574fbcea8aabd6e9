#include "cli/sweep_command.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "cli/flag_values.h"
#include "cli/port_list.h"
#include "cli/probe_session.h"
#include "cli/sweep_report.h"

namespace tocsin::cli {
namespace {

constexpr size_t kRateMax = 1000;  // connects a second: faster is what a flood looks like
constexpr size_t kRateUsual = 100;
constexpr Duration kTimeoutUsual = 2s;
constexpr Duration kTellAfter = 10s;  // sweeps that take longer say how far they are

struct SweepOptions {
  std::string host;
  ProbeOptions probes;
  bool all = false, json = false;
};

// "db", "10.0.0.1", "::1" or "[::1]" and a port.
Result<Target> target_of(const std::string& host, uint16_t port) {
  const bool is_bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return Target::parse(fmt::format(fmt::runtime(is_bare_v6 ? "[{}]:{}" : "{}:{}"), host, port));
}

Result<Monitor> model_of(const Arguments& arguments) {
  const auto timeout = read_duration(arguments, "timeout", kTimeoutUsual, kTimeoutMin, kTimeoutMax);
  if (!timeout) {
    return std::unexpected(timeout.error());
  }
  const auto family = read_family(arguments);
  if (!family) {
    return std::unexpected(family.error());
  }
  Monitor monitor{.project = "cli"};
  monitor.timeout = *timeout;
  monitor.ip_family = *family;
  monitor.ip_family_written = arguments.has("ipv4") || arguments.has("ipv6");
  return monitor;
}

Result<SweepOptions> read_options(const Arguments& arguments) {
  SweepOptions options{.host = arguments.positionals.at(0),
                       .all = arguments.has("all"),
                       .json = arguments.has("json")};
  const auto ports = read_port_list(arguments.positionals.at(1));
  if (!ports) {
    return std::unexpected(ports.error());
  }
  const auto rate = read_number(arguments, "rate", kRateUsual, 1, kRateMax);
  if (!rate) {
    return std::unexpected(rate.error());
  }
  options.probes.spacing = Duration(1s) / static_cast<int64_t>(*rate);
  const auto model = model_of(arguments);
  if (!model) {
    return std::unexpected(model.error());
  }
  for (const uint16_t port : *ports) {
    const auto target = target_of(options.host, port);
    if (!target || target->is_unix()) {
      return fail(ErrorKind::invalid_input, fmt::format("'{}' is no name and no address of a host",
                                                        escape_for_display(options.host, 100)));
    }
    Monitor monitor = *model;
    monitor.target = *target;
    monitor.id = monitor.name = target->text();
    options.probes.monitors.push_back(std::make_shared<const Monitor>(std::move(monitor)));
  }
  return options;
}

// Prints ports as they are known and counts.
class Sweep {
 public:
  Sweep(const SweepOptions& options, const Shell& shell) : options_(options), shell_(shell) {}

  // False: it makes no sense to go on.
  bool take(size_t target, const Attempt& attempt) {
    const Evaluation& evaluation = attempt.evaluation;
    if (evaluation.error && (evaluation.error->phase == Phase::dns ||
                             evaluation.error->code == ErrorCode::reach_denied)) {
      stopped_ = evaluation.reason;
      return false;
    }
    const SweptPort port{.port = options_.probes.monitors[target]->target.port(),
                         .state = port_state(evaluation),
                         .time = attempt.result.response_time,
                         .reason = evaluation.reason};
    count_.add(port.state);
    if (port.state == PortState::unknown && why_unknown_.empty()) {
      why_unknown_ = port.reason;
    }
    if (options_.json) {
      shell_.out << swept_port_json(options_.host, port);
      shell_.out.flush();
    } else if (options_.all || port.state == PortState::open) {
      shell_.print(swept_port_text(port, shell_.out_style));
      shell_.out.flush();
    }
    tell_progress();
    return true;
  }

  [[nodiscard]] const SweepCount& count() const { return count_; }
  [[nodiscard]] const std::string& stopped() const { return stopped_; }
  [[nodiscard]] const std::string& why_unknown() const { return why_unknown_; }

 private:
  void tell_progress() {
    const size_t all = options_.probes.monitors.size();
    const size_t tenth = count_.all() * 10 / all;
    if (options_.probes.spacing * static_cast<int64_t>(all) > kTellAfter && tenth > told_ &&
        tenth < 10) {
      told_ = tenth;
      shell_.say(fmt::format("{} of {} ports, {} open so far", count_.all(), all, count_.open));
    }
  }

  const SweepOptions& options_;
  const Shell& shell_;
  SweepCount count_;
  size_t told_ = 0;
  std::string stopped_, why_unknown_;
};

ExitCode run(const Arguments& arguments, Shell& shell) {
  const Result<SweepOptions> options = read_options(arguments);
  if (!options) {
    shell.say("tocsin sweep: " + options.error().message);
    return ExitCode::usage;
  }
  Sweep sweep(*options, shell);
  const auto end = run_probe_session(
      options->probes, [&sweep](size_t target, const Attempt& attempt, const Evidence*) {
        return sweep.take(target, attempt);
      });
  if (!end || !sweep.stopped().empty()) {
    shell.say("tocsin sweep: " + (end ? sweep.stopped() : end.error().message));
    return ExitCode::failed;
  }
  if (!options->json) {
    shell.print(sweep_summary(options->host, sweep.count(), options->probes.monitors.size(),
                              sweep.why_unknown()));
  }
  if (end->interrupted) {
    return ExitCode::interrupted;
  }
  return sweep.count().unknown == sweep.count().all() ? ExitCode::failed : ExitCode::ok;
}

}  // namespace

CommandSpec sweep_command() {
  return {
      .name = "sweep",
      .summary = "Show which ports of a host are open.",
      .examples = {{"tocsin sweep db.example.com 22,5432,6379"},
                   {"tocsin sweep 10.0.0.7 1-1024 --rate 200", "200 connects a second"},
                   {"tocsin sweep mail.example.com known --all", "the ports of all presets"}},
      .arguments = {{.name = "HOST", .help = "Name or address of one host"},
                    {.name = "PORTS", .help = "Ports and ranges, 22,80,8000-8100, or known"}},
      .flags = {{.name = "rate", .value = "N", .help = "Connects a second, 1 to 1000 (100)"},
                {.name = "timeout", .value = "DURATION", .help = "For each port (2s)"},
                {.name = "all", .help = "Show the ports that are not open too, and why"},
                {.name = "ipv4",
                 .letter = '4',
                 .help = "Use IPv4 (names do unless told otherwise)"},
                {.name = "ipv6", .letter = '6', .help = "Use IPv6"},
                {.name = "json", .help = "One JSON object a line, for every port"}},
      .notes =
          "Each port gets a whole TCP connection, closed politely. Sweep hosts that are yours: "
          "others may take it for an attack.\n"
          "Exit status: 0 swept, 1 the host cannot be swept, 2 usage, 130 interrupted.",
      .run = run,
  };
}

}  // namespace tocsin::cli
