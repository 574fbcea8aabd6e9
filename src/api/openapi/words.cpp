// The words of the API that are enumerations of the model: read from the model's own tables, so
// that a new one is in the document by itself.
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "api/message.h"
#include "api/openapi/schema.h"
#include "base/error_code.h"
#include "model/delivery.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string_view>;

Json one_of(std::string_view help, const Words& words) {
  return {{"type", "string"},
          {"description", help},
          {"enum", words},
          {"examples", Json::array({words.front()})}};
}

Words error_names() {
  Words words;
  for (const ErrorInfo& info : error_table()) {
    words.push_back(info.name);
  }
  return words;
}

template <class Value, class Name>
Words names_of(std::initializer_list<Value> values, Name name) {
  Words words;
  for (const Value value : values) {
    words.push_back(name(value));
  }
  return words;
}

Words event_names() {
  using enum EventType;
  return names_of({down, degraded, recovered, reminder, escalated, flapping, group,
                   location_unknown, self, test},
                  event_type_name);
}

Words timeline_names() {
  using enum TimelineKind;
  return names_of(
      {first_failure, confirmed, delivery, acknowledged, note, config_changed, recovered, reminder,
       escalated, suppressed, removed, severity_changed, flapping, evidence},
      timeline_kind_name);
}

}  // namespace

Json word_schemas() {
  Json words;
  words["Status"] = one_of("How a monitor is.",
                           names_of({StatusKind::pending, StatusKind::up, StatusKind::degraded,
                                     StatusKind::down, StatusKind::unknown, StatusKind::paused},
                                    status_name));
  words["Verdict"] = one_of(
      "What one check says. unknown: our own side could not do it, so the target is not judged.",
      names_of({Verdict::passed, Verdict::degraded, Verdict::failed, Verdict::unknown},
               verdict_name));
  words["Phase"] =
      one_of("A part of one attempt.",
             names_of({Phase::dns, Phase::connect, Phase::tls, Phase::data}, phase_name));
  words["ErrorName"] =
      one_of("Why a check did not pass; each is explained in docs/errors.md. There may be more.",
             error_names());
  words["EventType"] = one_of("What is told.", event_names());
  words["TimelineKind"] = one_of("What happened in an incident.", timeline_names());
  words["AlertState"] =
      one_of("How a delivery stands. suppressed: decided not to be sent, with the reason.",
             names_of({DeliveryState::waiting, DeliveryState::delivered, DeliveryState::dead,
                       DeliveryState::suppressed},
                      delivery_state_name));
  words["TokenScope"] = one_of("What a caller may do; each includes the ones before it.",
                               names_of({Scope::read, Scope::write, Scope::admin}, scope_name));
  return words;
}

}  // namespace tocsin
