// The data of live events: the rows of the lists, so that a client puts them where it has put
// those. Pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/views.h"
#include "model/delivery.h"
#include "model/status.h"

namespace tocsin {

std::string monitor_event(const MonitorView& view);
std::string removed_event(MonitorUid uid, std::string_view id);
std::string incident_event(const Incident& incident);
// `monitor` may be gone: its id and name are null then.
std::string alert_event(const Delivery& delivery, const MonitorView* monitor);

}  // namespace tocsin
