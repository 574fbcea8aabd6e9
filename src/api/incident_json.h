// Incidents as the API shows them: what was wrong, since when, the timeline, and every delivery
// with every try. Pure.
#pragma once

#include <span>
#include <vector>

#include "api/json_writer.h"
#include "model/delivery.h"
#include "model/status.h"

namespace tocsin {

struct DeliveryLog {
  Delivery delivery;
  std::vector<DeliveryAttempt> attempts;
};

// One row of a list: no timeline.
void write_incident(JsonWriter& json, const Incident& incident);
// With timeline and deliveries. What a delivery says (its payload) is not shown.
void write_incident_detail(JsonWriter& json, const Incident& incident,
                           std::span<const DeliveryLog> deliveries);

}  // namespace tocsin
