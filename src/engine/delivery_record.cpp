#include "engine/delivery_record.h"

#include <string>

namespace tocsin {

void record_delivery(PendingBatch& batch, const Journal& journal, const Delivery& delivery,
                     const std::optional<DeliveryAttempt>& attempt, SteadyTime now) {
  batch.rows().deliveries.push_back(delivery);
  if (attempt && !attempt->ok) {
    journal.warning(delivery.state == DeliveryState::dead ? "delivery given up" : "delivery failed",
                    {{"channel", delivery.channel},
                     {"incident", delivery.event.incident.value},
                     {"attempt", std::to_string(attempt->number)},
                     {"result", attempt->result}});
  }
  if (attempt) {
    batch.rows().delivery_attempts.push_back(*attempt);
  } else if (delivery.state == DeliveryState::dead) {
    journal.warning("delivery given up", {{"channel", delivery.channel},
                                          {"incident", delivery.event.incident.value},
                                          {"result", delivery.last_result}});
  }
  batch.touched(now, true);
}

}  // namespace tocsin
