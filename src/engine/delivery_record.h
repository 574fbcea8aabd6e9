// What became of a delivery, kept, and told to the log where it did not go well.
#pragma once

#include <optional>

#include "engine/pending_batch.h"
#include "model/delivery.h"
#include "ports/journal.h"

namespace tocsin {

// `attempt`: the one that has just ended, if one did.
void record_delivery(PendingBatch& batch, const Journal& journal, const Delivery& delivery,
                     const std::optional<DeliveryAttempt>& attempt, SteadyTime now);

}  // namespace tocsin
