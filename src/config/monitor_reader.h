// A monitor's map (or `defaults`) -> Draft, one setter for each row of the field table.
#pragma once

#include "config/draft.h"

namespace tocsin {

// Into `draft`, over what is there; every mistake is told. `only_defaults`: rows that cannot stand
// under defaults are refused.
void read_monitor_fields(ReadContext& context, const YamlNode& node, bool only_defaults,
                         Draft& draft);

}  // namespace tocsin
