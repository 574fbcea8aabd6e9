// From a stored delivery to what a sender puts on the wire, and the keys that make repeats
// recognisable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "model/channel.h"
#include "model/delivery.h"
#include "ports/sender.h"

namespace tocsin {

// Keys, see delivery.h.
std::string delivery_key(const IncidentId& incident, uint32_t event_number,
                         std::string_view channel);
std::string incident_key(const IncidentId& incident, std::string_view channel);

// The message of `delivery` for its channel. Pure. invalid_input: the channel cannot say it as
// configured; corrupt: the stored notice is unreadable.
Result<OutgoingMessage> make_message(const Channel& channel, const Delivery& delivery,
                                     SystemTime now);

}  // namespace tocsin
