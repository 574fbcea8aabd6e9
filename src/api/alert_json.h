// Alerts (deliveries) as the API shows them, and the query of their list. Pure. Names of monitors
// are those of the time, frozen with the notice.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "api/incident_json.h"
#include "api/problem.h"
#include "store/store.h"

namespace tocsin {

// Without the monitor, whose name the engine knows. `limit` is the page's.
std::expected<AlertQuery, FieldProblem> read_alert_query(const ApiRequest& request);
std::string alert_page(std::span<const Delivery> rows, size_t limit);
// A row with every try and what was said.
std::string alert_body(const DeliveryLog& log);

}  // namespace tocsin
