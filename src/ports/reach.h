// Reach: the one gate in front of every connect of ours, probes and notices alike, decided on the
// address really connected to.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "model/reach_role.h"

namespace tocsin {

struct Cidr {
  IpAddress network;
  uint8_t bits = 0;
  static Result<Cidr> parse(std::string_view text);  // "10.0.0.0/8", "::1/128"
  [[nodiscard]] bool contains(const IpAddress& ip) const;
};

// The operator (files and the CLI on this machine) may reach all but what is always refused; an
// admin over the API the same without unix sockets; an editor what reach.allow names (default: all
// but loopback and private).
class ReachPolicy {
 public:
  ReachPolicy() = default;
  explicit ReachPolicy(std::vector<Cidr> editor_allow) : editor_allow_(std::move(editor_allow)) {}
  // Nothing when allowed; else a sentence that says why not. Link-local, cloud metadata
  // (169.254.169.254, fd00:ec2::254, 100.100.100.200), multicast, broadcast and 0.0.0.0/8 are
  // always refused; mapped, compatible, 6to4, NAT64 and Teredo IPv6 are looked through.
  [[nodiscard]] std::optional<std::string> refuse(const SocketAddress& to, ReachRole role) const;

 private:
  std::vector<Cidr> editor_allow_;
};

}  // namespace tocsin
