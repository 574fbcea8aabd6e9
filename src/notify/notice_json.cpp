// JSON form of NoticeFacts, as it lies in the outbox. Times are whole microseconds, enumerations
// their wire names. An optional or empty value is left out.
#include <concepts>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/json.h"
#include "base/limits.h"
#include "notify/notice.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

// All texts at their limits, every byte escaped, come to half of it.
constexpr size_t kNoticeBytesMax = 256_KiB;
constexpr int64_t kTimeMax = 253402300799999999;  // end of the year 9999, microseconds

int64_t microseconds(SystemTime at) { return at.time_since_epoch().count(); }

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) {
    object[key] = to_valid_utf8(text);
  }
}
void put(Json& object, const char* key, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    object[key].push_back(to_valid_utf8(text));
  }
}
void put(Json& object, const char* key, std::optional<Duration> value) {
  if (value) {
    object[key] = value->count();
  }
}

Json event_json(const AlertEvent& event) {
  Json json = {{"type", event_type_name(event.type)},
               {"monitor_uid", event.monitor.value},
               {"number", event.number},
               {"at_us", microseconds(event.at)},
               {"status", status_name(event.status)},
               {"severity", verdict_name(event.severity)}};
  put(json, "incident", event.incident.value);
  if (event.error) {
    Json error = {{"code", error_name(event.error->code)},
                  {"phase", phase_name(event.error->phase)}};
    put(error, "detail", event.error->detail);
    json["error"] = std::move(error);
  }
  put(json, "reason", event.reason);
  if (event.began) {
    json["began_us"] = microseconds(*event.began);
  }
  put(json, "channels", event.channels);
  put(json, "suppressed", event.suppressed);
  return json;
}

// Reads the fields of one object and remembers the first thing that is wrong with it.
class Fields {
 public:
  Fields(const Json& object, std::string& problem) : object_(object), problem_(problem) {}

  [[nodiscard]] const Json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  void text(const char* key, std::string& into) {
    if (const Json* value = find(key); value != nullptr && expect(value->is_string(), key)) {
      into = value->get_ref<const std::string&>();
    }
  }
  void texts(const char* key, std::vector<std::string>& into) {
    const Json* list = find(key);
    if (list == nullptr || !expect(list->is_array(), key)) {
      return;
    }
    for (const Json& value : *list) {
      if (expect(value.is_string(), key)) {
        into.push_back(value.get_ref<const std::string&>());
      }
    }
  }
  template <std::integral Number>
  void number(const char* key, int64_t low, int64_t high, Number& into) {
    const Json* value = find(key);
    if (value == nullptr || !expect(value->is_number_integer(), key)) {
      return;
    }
    const auto number = value->get<int64_t>();
    if (expect(number >= low && number <= high, key)) {
      into = static_cast<Number>(number);
    }
  }
  void duration(const char* key, std::optional<Duration>& into) {
    if (find(key) != nullptr) {
      int64_t count = 0;
      number(key, INT64_MIN, INT64_MAX, count);
      into = Duration(count);
    }
  }
  void time(const char* key, std::optional<SystemTime>& into) {
    if (find(key) != nullptr) {
      int64_t count = 0;
      number(key, 0, kTimeMax, count);
      into = SystemTime(Duration(count));
    }
  }
  // An enumeration by its wire name.
  template <class Value, class FromName>
  void name(const char* key, FromName from_name, Value& into) {
    std::string word;
    text(key, word);
    const std::optional<Value> value = from_name(word);
    if (expect(value.has_value(), key)) {
      into = *value;
    }
  }
  bool expect(bool right, const char* key) {
    if (!right && problem_.empty()) {
      problem_ = std::string("the stored notice is damaged: field \"") + key + '"';
    }
    return right;
  }

 private:
  const Json& object_;
  std::string& problem_;
};

void read_error(const Json& object, std::optional<ProbeError>& into, std::string& problem) {
  Fields fields(object, problem);
  ProbeError error;
  fields.name<ErrorCode>("code", error_from_name, error.code);
  fields.name<Phase>("phase", phase_from_name, error.phase);
  fields.text("detail", error.detail);
  into = std::move(error);
}

void read_event(const Json& object, AlertEvent& event, std::string& problem) {
  Fields fields(object, problem);
  fields.name<EventType>("type", event_type_from_name, event.type);
  fields.number("monitor_uid", 0, INT64_MAX, event.monitor.value);
  fields.number("number", 0, UINT32_MAX, event.number);
  std::optional<SystemTime> at;
  fields.time("at_us", at);
  if (fields.expect(at.has_value(), "at_us")) {
    event.at = *at;
  }
  fields.name<StatusKind>("status", status_from_name, event.status);
  fields.name<Verdict>("severity", verdict_from_name, event.severity);
  fields.text("incident", event.incident.value);
  if (const Json* error = fields.find("error");
      error != nullptr && fields.expect(error->is_object(), "error")) {
    read_error(*error, event.error, problem);
  }
  fields.text("reason", event.reason);
  fields.time("began_us", event.began);
  fields.texts("channels", event.channels);
  fields.text("suppressed", event.suppressed);
}

void read_facts(const Json& object, NoticeFacts& facts, std::string& problem) {
  Fields fields(object, problem);
  const Json* event = fields.find("event");
  if (!fields.expect(event != nullptr && event->is_object(), "event")) {
    return;
  }
  read_event(*event, facts.event, problem);
  fields.text("monitor_id", facts.monitor_id);
  fields.text("monitor_name", facts.monitor_name);
  fields.text("target", facts.target);
  fields.text("project", facts.project);
  fields.text("runbook", facts.runbook);
  fields.text("description", facts.description);
  fields.texts("tags", facts.tags);
  fields.text("incident_url", facts.incident_url);
  fields.text("error_sentence", facts.error_sentence);
  fields.text("evidence", facts.evidence);
  fields.duration("response_time_us", facts.response_time);
  fields.duration("dns_us", facts.phases.dns);
  fields.duration("connect_us", facts.phases.connect);
  fields.duration("tls_us", facts.phases.tls);
  fields.duration("data_us", facts.phases.data);
  fields.duration("down_for_us", facts.down_for);
  fields.text("received_excerpt", facts.received_excerpt);
  if (const Json* flag = fields.find("store_volatile");
      flag != nullptr && fields.expect(flag->is_boolean(), "store_volatile")) {
    facts.store_volatile = flag->get<bool>();
  }
}

}  // namespace

std::string to_json(const NoticeFacts& facts) {
  Json json = {{"event", event_json(facts.event)}};
  put(json, "monitor_id", facts.monitor_id);
  put(json, "monitor_name", facts.monitor_name);
  put(json, "target", facts.target);
  put(json, "project", facts.project);
  put(json, "runbook", facts.runbook);
  put(json, "description", facts.description);
  put(json, "tags", facts.tags);
  put(json, "incident_url", facts.incident_url);
  put(json, "error_sentence", facts.error_sentence);
  put(json, "evidence", facts.evidence);
  put(json, "response_time_us", facts.response_time);
  put(json, "dns_us", facts.phases.dns);
  put(json, "connect_us", facts.phases.connect);
  put(json, "tls_us", facts.phases.tls);
  put(json, "data_us", facts.phases.data);
  put(json, "down_for_us", facts.down_for);
  put(json, "received_excerpt", facts.received_excerpt);
  if (facts.store_volatile) {
    json["store_volatile"] = true;
  }
  return dump_json(json);
}

Result<NoticeFacts> notice_from_json(std::string_view json) {
  if (json.size() > kNoticeBytesMax) {
    return fail(ErrorKind::corrupt, "the stored notice is damaged: it is far too long");
  }
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) {
    return fail(ErrorKind::corrupt, "the stored notice is damaged: it is not a JSON object");
  }
  NoticeFacts facts;
  std::string problem;
  read_facts(parsed, facts, problem);
  if (!problem.empty()) {
    return fail(ErrorKind::corrupt, std::move(problem));
  }
  return facts;
}

}  // namespace tocsin
