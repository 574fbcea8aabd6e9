// CaresChannel: one question to the resolver, one reply; c-ares with its sockets on ProbeIo's loop.
// It knows no cache, no deadline of a probe and no judgement of the resolver's health: those are
// cares_resolver.cpp's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "probe/dns_cache.h"

namespace tocsin {

// Said of a question that needs_tcp() and ended in silence.
inline constexpr const char* kNothingByTcp =
    "it answered by UDP that the answer needs TCP, and gave none by TCP";

class CaresChannel {
 public:
  using Done = std::function<void(DnsReply)>;

  // `servers` as in ResolverSettings. With servers named, search domains of this machine do not
  // apply: what is asked is what was written.
  static Result<std::unique_ptr<CaresChannel>> make(ProbeIo& io, const Clock& clock,
                                                    const std::vector<std::string>& servers);
  virtual ~CaresChannel() = default;

  // `done` is called exactly once unless the channel ends first; perhaps from inside this call,
  // from drive() or from io.wait(). It must not destroy the channel. Tries for about 15 s with one
  // server before the reply is `silent`.
  virtual void query(const std::string& name, Family family, Done done) = 0;
  // A question for `name` is on its way by TCP, as the answer by UDP was cut.
  [[nodiscard]] virtual bool needs_tcp(const std::string& name) const = 0;
  virtual void drive(SteadyTime now) = 0;
  [[nodiscard]] virtual SteadyTime next_deadline() const = 0;
  // "127.0.0.1:53, [::1]:53", for messages.
  [[nodiscard]] virtual const std::string& servers() const = 0;
};

}  // namespace tocsin
