// The rows of everything in a configuration that is no field of a monitor: the top level, channels,
// server settings and the small maps inside monitors. Same form as model/field_table.h, so that one
// reader and one schema serve all.
#pragma once

#include <span>

#include "model/field_table.h"

namespace tocsin {

std::span<const Field> root_fields();
std::span<const Field> project_fields();
std::span<const Field> channel_fields();
std::span<const Field> smtp_fields();
std::span<const Field> server_fields();
std::span<const Field> retention_fields();
std::span<const Field> reach_fields();
std::span<const Field> dns_fields();
std::span<const Field> rate_limit_fields();

std::span<const Field> step_fields();  // one step of a request
std::span<const Field> send_fields();  // bytes to send in a spelling of choice
std::span<const Field> expect_fields();
std::span<const Field> assertion_fields();  // the map form of an assertion
std::span<const Field> quorum_fields();     // alert.locations
std::span<const Field> reminder_fields();
std::span<const Field> escalation_fields();  // one step of alert.escalate

// The rows below a field of type map; empty for a map with free keys (channels, monitors, headers).
std::span<const Field> fields_below(const Field& field);

}  // namespace tocsin
