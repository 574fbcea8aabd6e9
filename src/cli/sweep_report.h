// What a sweep found, port by port: values in, lines out. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/style.h"
#include "model/verdict.h"

namespace tocsin::cli {

enum class PortState : uint8_t {
  open,
  closed,    // the host says that nobody listens
  silent,    // no answer: a firewall drops, or the host is away
  rejected,  // a firewall or router says no
  unknown,   // our own trouble: nothing is known of the port
};
PortState port_state(const Evaluation& evaluation);
std::string_view port_state_name(PortState state);

struct SweptPort {
  uint16_t port = 0;
  PortState state = PortState::unknown;
  Duration time{};
  std::string reason;  // of what is not open
};

// "   22  open      0.31 ms  ssh", with the line end.
std::string swept_port_text(const SweptPort& port, const Style& style);
// {"port":22,"state":"open","time_us":310,"usual":"ssh"}, with the line end.
std::string swept_port_json(std::string_view host, const SweptPort& port);

struct SweepCount {
  size_t open = 0, closed = 0, silent = 0, rejected = 0, unknown = 0;
  void add(PortState state);
  [[nodiscard]] size_t all() const { return open + closed + silent + rejected + unknown; }
};

// "1024 ports of db: 3 open, 1021 closed\n" and, when it is needed, what to make of it. `wanted`
// were to be looked at; `why_unknown` is the reason of the first of which nothing is known.
std::string sweep_summary(std::string_view host, const SweepCount& count, size_t wanted,
                          std::string_view why_unknown = {});

}  // namespace tocsin::cli
