// Results as the API shows them. Pure: values in, JSON out. Received bytes go through
// escape_for_display; bytes we sent are never shown of stored results, because a request may hold a
// password.
#pragma once

#include <span>
#include <string>

#include "api/json_writer.h"
#include "model/monitor.h"
#include "model/verdict.h"
#include "store/store.h"

namespace tocsin {

// "local" for 0.
std::string location_name(uint16_t location);

// "success" (passed, degraded), "error" (failed) or "unknown": the two words of seed 001, and the
// third it lacks.
std::string_view result_status(Verdict verdict);

// {code, phase, message, hint}; `sentence` is the judgement's own, empty: the error table's.
void write_error(JsonWriter& json, const ProbeError& error, std::string_view sentence);

// One row of GET monitors/{id}/results.
void write_result(JsonWriter& json, const StoredResult& result);

// An attempt that was made for the caller and is not stored (POST probe): all facts, transcript
// included.
void write_probe_answer(JsonWriter& json, const Monitor& monitor, const Attempt& attempt);

}  // namespace tocsin
