// A definition sent to the API: a JSON body, merged over what is written already, read as a
// monitor. Property: what is accepted over the API resolves no reference and names no file, and
// what the writer makes of it reads back as the same definition.
#include "api/definition_body.h"
#include "api/merge_patch.h"
#include "base/check.h"
#include "config/monitor_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const auto patch = read_json({reinterpret_cast<const char*>(data), size});
  const auto current = read_json(
      R"({"target": "db.example.com:5432", "alert": {"after_runs": 2}, "tags": ["prod"]})");
  CHECK(current.has_value(), "the definition that is changed is sound");
  if (!patch) {
    return 0;
  }
  const auto reading =
      read_definition(merge_patch(*current, *patch), {.id = "db", .author = ReachRole::editor_api});
  if (!reading) {
    CHECK(!reading.error().errors.empty(), "a refusal points at something");
    return 0;
  }
  const Monitor& monitor = reading->monitors.front();
  CHECK(!monitor.target.is_unix() && monitor.tls.ca_file.empty() && monitor.tls.key_file.empty(),
        "what is the operator's stays the operator's");
  const auto written = read_json(json_of(write_definition(monitor, SentBytes::show)));
  if (!written) {
    return 0;  // escapes may have made it longer than a body may be
  }
  const auto again = read_definition(*written, {.id = "db", .author = ReachRole::editor_api});
  CHECK(again.has_value(), "what we write we read");
  CHECK(same_definition(monitor, again->monitors.front()), "reading and writing is stable");
  return 0;
}
