#include "api/monitor_config_json.h"

#include <fmt/format.h>

namespace tocsin {
namespace {

std::string config_text(const Monitor& monitor, SentBytes own) {
  return json_of(write_definition(monitor, is_of_ui(monitor) ? own : SentBytes::hide));
}

}  // namespace

std::string monitor_revision(const MonitorView& view) {
  const Monitor& monitor = *view.definition;
  // Of what is shown: a hash must not be a way to guess at bytes that are hidden.
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}", monitor.project, monitor.id,
                  config_text(monitor, SentBytes::show), view.state.paused, view.state.muted);
  return fmt::format("{:016x}", stable_hash(text));
}

void write_config(JsonWriter& json, const Monitor& monitor, SentBytes own) {
  json.key("config").raw(config_text(monitor, own));
}

void write_owner(JsonWriter& json, const Monitor& monitor) {
  json.key("owner").begin_object();
  json.field("kind", is_of_ui(monitor) ? "ui" : "project").field("project", monitor.project);
  if (monitor.origin.file.empty()) {
    json.null_field("file").null_field("line");
  } else {
    json.field("file", monitor.origin.file).number_field("line", monitor.origin.line);
  }
  json.end_object();
}

}  // namespace tocsin
