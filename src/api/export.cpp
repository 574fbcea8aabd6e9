// GET export: what was made over the API as a configuration file, to keep or to move into git.
#include "api/export.h"

#include "api/handlers.h"
#include "api/monitor_answer.h"
#include "api/services.h"
#include "config/channel_writer.h"

namespace tocsin {
WrittenValue export_of(std::span<const MonitorView> views, std::span<const ChannelView> channels,
                       SentBytes sent) {
  WrittenValue monitors, own_channels, root;
  std::set<std::string> variables;
  for (const ChannelView& view : channels) {
    if (view.is_ui()) {
      own_channels.add(view.channel.id, write_channel_definition(view.channel, variables));
    }
  }
  for (const MonitorView& view : views) {
    monitors.add(view.definition->id, write_definition(*view.definition, sent));
  }
  root.add("version", WrittenValue::number(1));
  if (!own_channels.empty()) {
    root.add("channels", std::move(own_channels));
  }
  root.add("monitors", std::move(monitors));
  return root;
}

void get_export(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const std::string_view format = request.query_value("format").value_or("yaml");
  if (format != "yaml" && format != "json") {
    respond(problem_response(validation_failed({{.pointer = "?format",
                                                 .code = "invalid_choice",
                                                 .message = "format must be yaml or json."}}),
                             request.request_id));
    return;
  }
  const bool as_json = format == "json";
  MonitorFilter own;
  own.project = kUiProject;
  own.limit = kMonitorsMax;
  const Asker asker{request.request_id, respond};
  read_engine(
      api, asker, MonitorList{std::move(own)},
      [&api, asker, as_json, sent = sent_bytes_for(request.caller)](MonitorList& list) {
        ask_engine(
            api, asker, [](Engine& engine) { return engine.channels().list(); },
            [asker, as_json, sent,
             rows = std::make_shared<std::vector<MonitorView>>(std::move(list.rows))](
                const std::vector<ChannelView>& channels) {
              const WrittenValue file = export_of(*rows, channels, sent);
              asker.respond({.headers = {{"Content-Disposition",
                                          as_json ? "attachment; filename=\"tocsin.json\""
                                                  : "attachment; filename=\"tocsin.yaml\""}},
                             .content_type = as_json ? "application/json" : "application/yaml",
                             .body = as_json ? json_of(file) : yaml_of(file)});
            });
      });
}

}  // namespace tocsin
