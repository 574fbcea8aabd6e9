// The end of one phase, good or bad, while the attempt goes on.
#pragma once

#include "base/error_code.h"
#include "base/time.h"

namespace tocsin {

struct PhaseEnd {
  Phase phase = Phase::dns;
  Duration at{};  // from the start of the attempt
  Duration took{};
};

}  // namespace tocsin
