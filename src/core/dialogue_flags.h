// What a monitor says, awaits and asserts, as flags of `tocsin probe`: without them its command may
// pass where the check fails. Pure.
#pragma once

#include <string>

#include "model/monitor.h"

namespace tocsin {

// Who may not see what a monitor sends sees no flag of its dialogue.
enum class SendsShown : uint8_t { yes, no };

struct DialogueFlags {
  std::string flags;     // each with a blank before it; empty: nothing is said
  std::string left_out;  // why there are none although there is something to say; else empty
};
DialogueFlags dialogue_flags(const Monitor& monitor, SendsShown shown);

}  // namespace tocsin
