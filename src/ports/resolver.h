// Resolver: names to addresses, asynchronous. Answers come through the sink on the loop that calls
// drive().
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/error_code.h"
#include "base/time.h"

namespace tocsin {

enum class AddressWish : uint8_t {
  v4,
  v6,
  both,  // a family that does not answer is not waited for long (RFC 8305 section 3)
  each,  // both, and no addresses before the other family has answered too
};
constexpr bool wishes(AddressWish wish, Family family) {
  return wish == AddressWish::v4 ? family == Family::v4
                                 : wish != AddressWish::v6 || family == Family::v6;
}

struct ResolveAnswer {
  // V6 and v4 mixed only for `both` and `each`; never empty without an error.
  std::vector<IpAddress> addresses;
  // Host_not_found, no_address_of_family, dns_timeout, dns_failed; resolver_down already applied;
  // overloaded.
  std::optional<ProbeError> error;
  bool cached = false;
  // From a cache entry past its TTL, because the question met silence.
  bool stale = false;
  // Of `both`: the other family has not answered yet, or said that it cannot say. One more answer
  // follows, with all addresses or with why there are no more.
  bool partial = false;
};

class ResolveSink {
 public:
  virtual ~ResolveSink() = default;
  virtual void on_resolved(uint64_t token, const ResolveAnswer& answer) = 0;
};

class Resolver {
 public:
  virtual ~Resolver() = default;
  // A fresh answer from the cache at once, or nothing and then on_resolved(token) exactly once
  // (twice when the first is partial), unless cancelled.
  virtual std::optional<ResolveAnswer> resolve(std::string_view name, AddressWish wish,
                                               SteadyTime deadline, uint64_t token,
                                               ResolveSink& sink) = 0;
  // The same past the cache: what the resolver says now, which the cache knows from then on. One
  // without a cache does nothing else.
  virtual std::optional<ResolveAnswer> ask_now(std::string_view name, AddressWish wish,
                                               SteadyTime deadline, uint64_t token,
                                               ResolveSink& sink) {
    return resolve(name, wish, deadline, token, sink);
  }
  // Who asks these servers and no others: itself for none of them, or when it knows no others. Its
  // answers come from drive() of this one. Valid until its own asks have ended. overloaded: too
  // many different ones are at work.
  virtual std::expected<Resolver*, ProbeError> asking(
      const std::vector<SocketAddress>& /*servers*/) {
    return this;
  }
  // Somebody waits for an answer.
  [[nodiscard]] virtual bool is_asked() const { return false; }
  virtual void cancel(uint64_t token) = 0;
  // Time-driven work (timeouts of queries); call when next_deadline() has come.
  virtual void drive(SteadyTime now) = 0;
  [[nodiscard]] virtual SteadyTime next_deadline() const = 0;
};

}  // namespace tocsin
