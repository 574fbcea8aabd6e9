// Results as the API shows them. Pure: values in, JSON out. Received bytes go through
// escape_for_display; bytes we sent are not in lists, because a request may hold a password (one
// result in full: result_detail_json.h).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "api/json_writer.h"
#include "model/monitor.h"
#include "model/verdict.h"
#include "store/store.h"

namespace tocsin {

// "local" for 0.
std::string location_name(uint16_t location);
// Nothing for a name that location_name would not have given.
std::optional<uint16_t> location_from_name(std::string_view name);

// "success" (passed, degraded), "error" (failed) or "unknown": the two words of seed 001, and the
// third it lacks.
std::string_view result_status(Verdict verdict);

// {code, phase, message, hint}; `sentence` is the judgement's own, empty: the error table's.
void write_error(JsonWriter& json, const ProbeError& error, std::string_view sentence);

// Parts of an object that is open already: the fields of a row up to its details, and these.
void write_result_fields(JsonWriter& json, const StoredResult& result);
void write_assertions(JsonWriter& json, const std::vector<AssertionResult>& results,
                      const Monitor* monitor);
// The steps of the dialogue with their times.
void write_steps(JsonWriter& json, const std::vector<StepTime>& steps);
void write_tls(JsonWriter& json, const std::optional<TlsFacts>& tls);
void write_phases(JsonWriter& json, const Phases& phases);

// One row of GET monitors/{id}/results.
void write_result(JsonWriter& json, const StoredResult& result);

// An attempt that was made for the caller and is not stored (POST probe): all facts, transcript
// included.
void write_probe_answer(JsonWriter& json, const Monitor& monitor, const Attempt& attempt);

}  // namespace tocsin
