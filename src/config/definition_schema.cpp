#include "config/definition_schema.h"

#include "base/limits.h"
#include "config/field_schema.h"
#include "config/monitor_writer.h"
#include "config/other_fields.h"

namespace tocsin {
namespace {

using Json = FieldSchema::Json;

Json with_help(std::string_view help, Json schema) {
  schema["description"] = help;
  return schema;
}

// Not a field: the name under which a file would have it.
Json id_schema(std::string_view made_from) {
  return {{"type", "string"},
          {"pattern", R"(^[A-Za-z0-9_\-/#.]+$)"},
          {"minLength", 1},
          {"maxLength", kMonitorIdBytesMax},
          {"description", "Logical id, unique on this server. Left out, it is made from " +
                              std::string(made_from)},
          {"examples", Json::array({"redis"})}};
}

void add_parts(Json& schemas, const FieldSchema& whole) {
  schemas["TlsDefinition"] = with_help("TLS of a monitor.", whole.object_of(tls_fields()));
  schemas["RetryDefinition"] =
      with_help("Further attempts before a failure counts.", whole.object_of(retry_fields()));
  schemas["AlertDefinition"] =
      with_help("When people are told, and how often.", whole.object_of(alert_fields()));
  schemas["Quorum"] = with_help("How many locations must see it: exactly one of the two.",
                                whole.one_key_of(quorum_fields()));
  schemas["RemindersDefinition"] =
      with_help("Tell again while it lasts.", whole.object_of(reminder_fields()));
  schemas["EscalationDefinition"] =
      with_help("Tell more people later.", whole.object_of(escalation_fields()));
  schemas["AssertionDefinition"] =
      with_help("What must be true of the answer, as a map.", whole.object_of(assertion_fields()));
  schemas["RequestStep"] =
      with_help("One step of the dialogue: exactly one of the three.", whole.step());
  schemas["SendBytes"] = with_help("Bytes to send: exactly one of the spellings.", whole.bytes());
  schemas["ExpectedBytes"] = with_help("What must come.", whole.object_of(expect_fields()));
  schemas["SmtpDefinition"] =
      with_help("The mail server of a channel.", whole.object_of(smtp_fields()));
}

void add_patched_parts(Json& schemas, const FieldSchema& patch) {
  constexpr std::string_view kHelp = "Merge patch: what is left out stays, null takes it out.";
  schemas["TlsDefinitionPatch"] = with_help(kHelp, patch.object_of(tls_fields()));
  schemas["RetryDefinitionPatch"] = with_help(kHelp, patch.object_of(retry_fields()));
  schemas["AlertDefinitionPatch"] = with_help(kHelp, patch.object_of(alert_fields()));
  schemas["QuorumPatch"] = with_help(kHelp, patch.object_of(quorum_fields()));
  schemas["RemindersDefinitionPatch"] = with_help(kHelp, patch.object_of(reminder_fields()));
  schemas["SmtpDefinitionPatch"] = with_help(kHelp, patch.object_of(smtp_fields()));
}

// One monitor: a list of ports or hosts would make several.
Json one_monitor(const FieldSchema& form) {
  Json schema = form.object_of(monitor_fields());
  schema["properties"].erase("for_each");
  return schema;
}

Json shown_monitor(const FieldSchema& shown) {
  Json schema = shown.object_of({});
  for (const Field& field : monitor_fields()) {
    if (is_written_field(field.name)) {
      schema["properties"][std::string(field.name)] = shown.value_of(field);
    }
  }
  schema["required"] = Json::array({"target"});
  return schema;
}

}  // namespace

Json definition_schemas(std::string_view parts) {
  const FieldSchema whole({.has_references = false, .parts = parts});
  const FieldSchema patch({.has_references = false, .parts = parts, .is_patch = true});
  const FieldSchema shown({.has_references = false, .parts = parts, .is_shown = true});
  Json schemas;
  schemas["MonitorDefinition"] = with_help(
      "A monitor as it would be written in YAML: the same names, durations as texts (\"5s\").",
      one_monitor(whole));
  schemas["NewMonitor"] =
      with_help("A monitor's definition with the id it shall have. With for_each it makes several.",
                whole.object_of(monitor_fields()));
  schemas["NewMonitor"]["properties"]["id"] = id_schema("name or target.");
  schemas["MonitorPatch"] = with_help(
      "JSON Merge Patch (RFC 7396) over the monitor's config: what is left out stays, null takes a "
      "field back to its default, lists are replaced as a whole.",
      one_monitor(patch));
  schemas["MonitorConfig"] = with_help(
      "The definition as it would be written in YAML: the target and what differs from the "
      "defaults.",
      shown_monitor(shown));
  schemas["ShownStep"] = with_help("One step of the dialogue as shown.", shown.step());
  schemas["ShownBytes"] =
      with_help("Bytes to send; how many, when they are hidden.", shown.bytes());
  add_parts(schemas, whole);
  add_patched_parts(schemas, patch);
  schemas["ChannelDefinition"] =
      with_help("A channel as it would be written in YAML. Secrets are never shown again.",
                whole.object_of(channel_fields()));
  schemas["NewChannel"] = with_help("A channel's definition with the id it shall have.",
                                    whole.object_of(channel_fields()));
  schemas["NewChannel"]["properties"]["id"] = id_schema("name.");
  schemas["ChannelPatch"] = with_help(
      "JSON Merge Patch (RFC 7396) over the channel: what is left out stays, secrets too, unless "
      "the channel would go to another place.",
      patch.object_of(channel_fields()));
  return schemas;
}

}  // namespace tocsin
