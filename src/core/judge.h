// judge: from the facts of an attempt to what may be kept and shown of it: its evaluation, and all
// secrets masked. The one way from the prober to everybody else.
#pragma once

#include "model/monitor.h"
#include "model/verdict.h"

namespace tocsin {

Attempt judge(const Monitor& monitor, ProbeResult&& result);

}  // namespace tocsin
