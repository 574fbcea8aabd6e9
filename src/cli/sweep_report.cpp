#include "cli/sweep_report.h"

#include <fmt/format.h>

#include "api/json_writer.h"
#include "base/time.h"
#include "cli/probe_json.h"
#include "model/preset.h"

namespace tocsin::cli {
namespace {

std::string_view usual_service(uint16_t port) {
  const Preset* const preset = preset_of_port(port);
  return preset == nullptr ? "" : preset->id;
}

Tone tone_of(PortState state) {
  switch (state) {
    case PortState::open:
      return Tone::good;
    case PortState::unknown:
      return Tone::warning;
    default:
      return Tone::dim;
  }
}

}  // namespace

PortState port_state(const Evaluation& evaluation) {
  if (evaluation.verdict == Verdict::passed || evaluation.verdict == Verdict::degraded) {
    return PortState::open;
  }
  if (evaluation.verdict == Verdict::unknown || !evaluation.error) {
    return PortState::unknown;
  }
  switch (evaluation.error->code) {
    case ErrorCode::tcp_refused:
      return PortState::closed;
    case ErrorCode::timeout:
      return PortState::silent;
    default:
      return PortState::rejected;
  }
}

std::string_view port_state_name(PortState state) {
  switch (state) {
    case PortState::open:
      return "open";
    case PortState::closed:
      return "closed";
    case PortState::silent:
      return "silent";
    case PortState::rejected:
      return "rejected";
    case PortState::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string swept_port_text(const SweptPort& port, const Style& style) {
  const bool is_open = port.state == PortState::open;
  return fmt::format(
      "{:>5}  {}  {:>8}  {}\n", port.port,
      paint(style, tone_of(port.state), fmt::format("{:<8}", port_state_name(port.state))),
      is_open ? human_duration(port.time) : "",
      is_open ? std::string(usual_service(port.port)) : port.reason);
}

std::string swept_port_json(std::string_view host, const SweptPort& port) {
  JsonWriter json;
  json.begin_object().count_field("schema_version", kJsonSchemaVersion).field("kind", "port");
  json.field("host", host).count_field("port", port.port);
  json.field("state", port_state_name(port.state));
  if (port.state == PortState::open) {
    json.us_field("time_us", port.time);
  } else {
    json.field("reason", port.reason);
  }
  if (const std::string_view usual = usual_service(port.port); !usual.empty()) {
    json.field("usual", usual);
  }
  json.end_object();
  return json.take() + "\n";
}

void SweepCount::add(PortState state) {
  switch (state) {
    case PortState::open:
      ++open;
      break;
    case PortState::closed:
      ++closed;
      break;
    case PortState::silent:
      ++silent;
      break;
    case PortState::rejected:
      ++rejected;
      break;
    case PortState::unknown:
      ++unknown;
      break;
  }
}

std::string sweep_summary(std::string_view host, const SweepCount& count, size_t wanted,
                          std::string_view why_unknown) {
  const bool is_whole = count.all() == wanted;
  std::string text = fmt::format("{}{} port{} of {}: {} open",
                                 is_whole ? "" : fmt::format("Stopped after {} of ", count.all()),
                                 wanted, wanted == 1 ? "" : "s", host, count.open);
  const auto add = [&text](size_t number, PortState state) {
    if (number > 0) {
      text += fmt::format(", {} {}", number, port_state_name(state));
    }
  };
  add(count.closed, PortState::closed);
  add(count.silent, PortState::silent);
  add(count.rejected, PortState::rejected);
  add(count.unknown, PortState::unknown);
  text += "\n";
  if (count.unknown > 0 && !why_unknown.empty()) {
    text += fmt::format(
        "{}: {}\n", count.unknown == count.all() ? "Nothing is known" : "Why unknown", why_unknown);
  }
  if (is_whole && count.silent == count.all() && count.silent > 0) {
    text += "Nothing answered: the host is away, or a firewall in front of it drops everything.\n";
  }
  return text;
}

}  // namespace tocsin::cli
