// CanaryPorts: two loopback ports of our own, one that always answers and one that never does
// (engine/self_watch.h). The kernel alone plays both, and no thread is needed.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "engine/self_watch.h"

namespace tocsin {

class CanaryPorts {
 public:
  // On 127.0.0.1; where there is no IPv4, on ::1.
  static Result<CanaryPorts> open();
  [[nodiscard]] const CanaryAddresses& addresses() const { return addresses_; }

 private:
  std::vector<UniqueFd> held_;
  CanaryAddresses addresses_;
};

}  // namespace tocsin
