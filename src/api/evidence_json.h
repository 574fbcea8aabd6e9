// What was found out about a failure, as the API shows it. Pure.
#pragma once

#include <optional>

#include "api/json_writer.h"
#include "model/evidence.h"
#include "model/target.h"

namespace tocsin {

// A value: null when nobody looked, or when there was no `failure`.
void write_evidence(JsonWriter& json, const std::optional<Evidence>& evidence,
                    const std::optional<ProbeError>& failure, const Target& target);

}  // namespace tocsin
