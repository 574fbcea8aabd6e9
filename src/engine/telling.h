// Telling: from an event that core decided to the outbox rows of its channels, with everything the
// message will say frozen in them. A channel that is not told has a row too, with the reason: "why
// was I not alerted?" always has an answer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/monitor_table.h"
#include "model/channel.h"
#include "model/delivery.h"

namespace tocsin {

// One row per channel of the event (its own, or the monitor's). `store_volatile` is said in the
// notice when the store cannot keep it.
std::vector<Delivery> deliveries_of(const AlertEvent& event, const MonitorEntry& entry,
                                    const std::map<std::string, Channel>& channels,
                                    const std::string& public_url, bool store_volatile,
                                    SystemTime now);

}  // namespace tocsin
