// What the pool (prober.cpp) does for its connections and attempts.
#pragma once

#include <memory>
#include <string_view>

#include "base/time.h"
#include "ports/probe_io.h"
#include "probe/errno_map.h"

namespace tocsin {

class ProbeAttempt;
class Connection;
struct PhaseEnd;
struct ProbeResult;

class Pool {
 public:
  virtual ~Pool() = default;
  // One timer each; kNever ends it.
  virtual void arm(Connection& connection, SteadyTime at) = 0;
  virtual void arm(ProbeAttempt& attempt, SteadyTime at) = 0;
  // A further idle connection, or nullptr when no slot is free.
  virtual Connection* spare() = 0;
  virtual void give_back(Connection& connection) = 0;
  // Feeds `bytes` of a handshake to the connection's session on another thread;
  // Connection::on_crypto is told of it. False: there is none, the caller does it itself.
  virtual bool feed_elsewhere(Connection& connection, std::string_view bytes, SteadyTime at) = 0;
  // An empty result to be filled; those that were told are used again.
  virtual std::unique_ptr<ProbeResult> blank_result() = 0;
  // The result of `attempt` is ready; it is taken and told outside of the attempt's own calls.
  virtual void ended(ProbeAttempt& attempt) = 0;
  // `attempt` could not be made, for want of something of ours: its request is kept and begun anew
  // later. False: it is too late for that, and the attempt is to end with `why`.
  virtual bool put_off(ProbeAttempt& attempt, Shortage shortage, ProbeError why) = 0;
  // Told at once, for an attempt that is asked to.
  virtual void phase_ended(const ProbeAttempt& attempt, const PhaseEnd& end) = 0;
};

}  // namespace tocsin
