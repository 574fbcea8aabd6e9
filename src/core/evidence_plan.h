// What is worth finding out after a failure: only what can say more than the failure itself. A host
// that refused is alive, so nobody asks whether it is.
#pragma once

#include "model/monitor.h"
#include "model/verdict.h"

namespace tocsin {

struct EvidencePlan {
  bool second_try = false;
  bool asks_anew = false;    // it looks the name up past the cache, which knows the failure
  bool name = false;         // look it up again
  bool others = false;       // the port at the other addresses of the name
  bool closed_port = false;  // is the host alive?
  // Who on the way is the last to answer? Not where a router has said no: it is known then, and
  // routers say so a few times a second at most, which the next probe is to have for itself.
  bool walk = false;
  bool operator==(const EvidencePlan&) const = default;
};

// Nothing at all for a verdict other than failed.
EvidencePlan plan_evidence(const Monitor& monitor, const Attempt& attempt);

// Where nobody listens: port 1 (tcpmux, given up decades ago); port 2 when 1 is the monitor's.
uint16_t closed_port_beside(uint16_t port);

}  // namespace tocsin
