#include "cli/probe_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "cli/flag_values.h"
#include "cli/parse_command.h"
#include "cli/target_list.h"
#include "cli/tls_flags.h"
#include "cli/way_flags.h"
#include "config/request_text.h"
#include "core/assert.h"
#include "core/pattern.h"
#include "model/preset.h"

namespace tocsin::cli {
namespace {

Result<const Preset*> read_preset(const Arguments& arguments) {
  const std::optional<std::string> id = arguments.value("preset");
  if (!id) {
    return nullptr;
  }
  if (const Preset* preset = find_preset(*id)) {
    return preset;
  }
  std::vector<std::string> known;
  for (const Preset& preset : presets()) {
    known.emplace_back(preset.id);
  }
  const std::string near = nearest_word(*id, known);
  return fail(
      ErrorKind::invalid_input,
      fmt::format("--preset: there is no preset '{}'{}; there are {}", escape_for_display(*id, 100),
                  near.empty() ? "" : fmt::format(" (did you mean {}?)", near),
                  fmt::join(known, ", ")));
}

Result<void> add_send(const std::string& text, std::vector<Step>& steps) {
  const Result<std::string> bytes = unescape(text);
  if (!bytes) {
    return std::unexpected(at_flag("send", bytes.error()));
  }
  if (bytes->empty() || bytes->size() > kSendBytesMax) {
    return fail(ErrorKind::invalid_input,
                fmt::format("--send: needs 1 to {} bytes, got {}", kSendBytesMax, bytes->size()));
  }
  steps.emplace_back(SendStep{*bytes});
  return {};
}

Result<void> add_expect(const Arguments& arguments, std::vector<Step>& steps) {
  if (arguments.has("expect") && arguments.has("expect-regex")) {
    return fail(ErrorKind::invalid_input, "--expect and --expect-regex exclude each other");
  }
  if (const auto text = arguments.value("expect")) {
    const Result<std::string> bytes = unescape(*text);
    if (!bytes) {
      return std::unexpected(at_flag("expect", bytes.error()));
    }
    if (bytes->empty()) {
      return fail(ErrorKind::invalid_input, "--expect: the text to wait for is empty");
    }
    steps.emplace_back(ExpectStep{.pattern = *bytes});
  }
  if (const auto pattern = arguments.value("expect-regex")) {
    if (const Result<void> compiled = Pattern::check(*pattern); !compiled) {
      return std::unexpected(at_flag("expect-regex", compiled.error()));
    }
    steps.emplace_back(ExpectStep{.pattern = *pattern, .is_regex = true});
  }
  return {};
}

Result<RequestReading> read_dialogue(const Arguments& arguments, const std::string& yaml) {
  if (arguments.has("send") || arguments.has("expect") || arguments.has("expect-regex")) {
    return fail(ErrorKind::invalid_input,
                "--request is the whole dialogue; --send and --expect cannot stand beside it");
  }
  Result<RequestReading> reading = read_request_text(yaml, process_references());
  if (!reading) {
    return std::unexpected(at_flag("request", reading.error()));
  }
  const auto upgrades = std::ranges::count_if(
      reading->steps, [](const Step& step) { return std::holds_alternative<StarttlsStep>(step); });
  if (upgrades > 1 || (upgrades == 1 && arguments.has("tls"))) {
    return fail(ErrorKind::invalid_input, "--request: TLS begins once");
  }
  return reading;
}

Result<RequestReading> read_steps(const Arguments& arguments) {
  if (const auto yaml = arguments.value("request")) {
    return read_dialogue(arguments, *yaml);
  }
  std::vector<Step> steps;
  if (const auto text = arguments.value("send")) {
    if (const Result<void> added = add_send(*text, steps); !added) {
      return std::unexpected(added.error());
    }
  }
  if (const Result<void> added = add_expect(arguments, steps); !added) {
    return std::unexpected(added.error());
  }
  return RequestReading{.steps = std::move(steps), .secrets = {}};
}

// The dialogue of the preset. After STARTTLS a greeting that came before it does not come again.
std::vector<Step> preset_steps(const Preset& preset, const Monitor& monitor) {
  std::vector<Step> steps;
  if (monitor.tls.mode == TlsMode::starttls && !preset.repeats_in_tls) {
    return steps;
  }
  const std::string& named = monitor.tls.server_name;
  if (!preset.send.empty()) {
    steps.emplace_back(
        SendStep{probe_bytes(preset, named.empty() ? monitor.target.host() : named)});
  }
  if (!preset.expect.empty()) {
    steps.emplace_back(ExpectStep{.pattern = std::string(preset.expect), .is_regex = true});
  }
  return steps;
}

Result<std::vector<Assertion>> read_assertions(const Arguments& arguments) {
  std::vector<Assertion> assertions;
  for (const std::string& text : arguments.all("assert")) {
    const Result<Assertion> assertion = parse_assertion(text);
    if (!assertion) {
      return std::unexpected(at_flag("assert", assertion.error()));
    }
    if (const Result<void> sound = check_assertion(*assertion); !sound) {
      return std::unexpected(at_flag("assert", sound.error()));
    }
    assertions.push_back(*assertion);
  }
  if (assertions.size() > kAssertionsMax) {
    return fail(ErrorKind::invalid_input, fmt::format("--assert: at most {} assertions, got {}",
                                                      kAssertionsMax, assertions.size()));
  }
  return assertions;
}

Result<Target> read_target(const std::string& text, const Preset* preset) {
  Result<Target> target = Target::parse(text);
  if (!target && preset != nullptr) {
    if (Result<Target> with_port = Target::make(text, preset->port); with_port) {
      return with_port;
    }
  }
  return target;
}

// A written family must fit an address; a name is asked for that family.
Result<void> check_family(const Target& target, const Monitor& monitor) {
  const std::optional<IpAddress>& literal = target.literal();
  if (!literal || !monitor.ip_family_written) {
    return {};
  }
  const bool is_v6 = literal->family == Family::v6;
  if (is_v6 == (monitor.ip_family == IpFamily::ipv6)) {
    return {};
  }
  return fail(ErrorKind::invalid_input,
              fmt::format("{} does not fit the {} address {}; leave it out: an address brings its "
                          "own family",
                          is_v6 ? "-4" : "-6", is_v6 ? "IPv6" : "IPv4", literal->text()));
}

Result<Monitor> monitor_for(const TargetText& text, const Preset* preset, const Monitor& model) {
  const Result<Target> target = read_target(text.text, preset);
  if (!target) {
    return fail(target.error().kind, text.place() + target.error().message);
  }
  if (const Result<void> fits = check_family(*target, model); !fits) {
    return fail(fits.error().kind, text.place() + fits.error().message);
  }
  Monitor monitor = model;
  monitor.target = *target;
  monitor.id = monitor.name = target->text();
  if (const Result<void> fits = check_way(monitor); !fits) {
    return fail(fits.error().kind, text.place() + fits.error().message);
  }
  // What was typed counts; a preset fills in the dialogue only when nothing was.
  if (preset != nullptr && monitor.request.empty()) {
    monitor.request = preset_steps(*preset, monitor);
  }
  return monitor;
}

Result<IpFamily> read_families(const Arguments& arguments) {
  const bool has_one = arguments.has("ipv4") || arguments.has("ipv6");
  for (const auto& [flag, family] :
       {std::pair("all-addresses", IpFamily::all), std::pair("auto", IpFamily::automatic)}) {
    if (!arguments.has(flag)) {
      continue;
    }
    if (has_one) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("--{} takes both families: leave -4 and -6 out", flag));
    }
    if (arguments.has("all-addresses") && arguments.has("auto")) {
      return fail(ErrorKind::invalid_input, "--all-addresses and --auto exclude each other");
    }
    return family;
  }
  return read_family(arguments);
}

Result<Monitor> read_template(const Arguments& arguments, const Preset* preset) {
  Monitor monitor{.project = "cli"};
  auto steps = read_steps(arguments);
  if (!steps) {
    return std::unexpected(steps.error());
  }
  auto assertions = read_assertions(arguments);
  if (!assertions) {
    return std::unexpected(assertions.error());
  }
  auto tls = read_tls(arguments, preset, steps->steps);
  if (!tls) {
    return std::unexpected(tls.error());
  }
  const auto family = read_families(arguments);
  if (!family) {
    return std::unexpected(family.error());
  }
  const auto timeout = read_duration(arguments, "timeout", 10s, kTimeoutMin, kTimeoutMax);
  if (!timeout) {
    return std::unexpected(timeout.error());
  }
  monitor.preset = preset == nullptr ? "" : std::string(preset->id);
  monitor.request = std::move(steps->steps);
  monitor.secrets = std::move(steps->secrets);
  monitor.assertions = std::move(*assertions);
  monitor.tls = std::move(*tls);
  monitor.ip_family = *family;
  monitor.ip_family_written = arguments.has("ipv4") || arguments.has("ipv6");
  monitor.timeout = *timeout;
  if (const Result<void> way = read_way(arguments, monitor); !way) {
    return std::unexpected(way.error());
  }
  monitor.close = close_mode_from_name(arguments.value("close").value_or("fin")).value();
  return monitor;
}

}  // namespace

Result<ProbeOptions> read_probe_options(const Arguments& arguments, std::istream& in) {
  ProbeOptions options{.statistics = arguments.has("count"),
                       .json = arguments.has("json"),
                       .verbosity = arguments.count("verbose"),
                       .evidence = arguments.count("verbose") >= 2};
  const auto preset = read_preset(arguments);
  if (!preset) {
    return std::unexpected(preset.error());
  }
  const auto monitor = read_template(arguments, *preset);
  if (!monitor) {
    return std::unexpected(monitor.error());
  }
  const auto count = read_number(arguments, "count", 1, 1, kProbeCountMax);
  if (!count) {
    return std::unexpected(count.error());
  }
  const auto interval = read_duration(arguments, "interval", 1s, kProbeIntervalMin, kIntervalMax);
  if (!interval) {
    return std::unexpected(interval.error());
  }
  options.count = *count;
  options.interval = *interval;
  const auto targets = read_target_list(arguments.positionals, in);
  if (!targets) {
    return std::unexpected(targets.error());
  }
  for (const TargetText& target : *targets) {
    auto one = monitor_for(target, *preset, *monitor);
    if (!one) {
      return std::unexpected(one.error());
    }
    options.monitors.push_back(std::make_shared<const Monitor>(std::move(*one)));
  }
  return options;
}

}  // namespace tocsin::cli
