#include "config/policy_writer.h"

namespace tocsin {
namespace {

template <class T>
void add_changed(WrittenValue& map, const char* key, const T& value, const T& usual,
                 WrittenValue (*write)(const T&)) {
  if (!(value == usual)) {
    map.add(key, write(value));
  }
}

WrittenValue of_number(const uint32_t& value) { return WrittenValue::number(value); }
WrittenValue of_flag(const bool& value) { return WrittenValue::boolean(value); }
WrittenValue of_name(const std::string& value) { return written_text(value); }
WrittenValue of_duration(const Duration& value) { return written_duration(value); }

// `retry: fixed` in place of a map with that one key.
std::optional<WrittenValue> word_or_map(WrittenValue map, std::string_view word_key) {
  if (map.empty()) {
    return std::nullopt;
  }
  if (map.entries.size() == 1 && map.entries.front().key == word_key) {
    return std::move(map.entries.front().value);
  }
  return map;
}

WrittenValue write_quorum(const LocationPolicy& policy) {
  WrittenValue map;
  if (const auto* at_least = std::get_if<AtLeast>(&policy)) {
    map.add("at_least", WrittenValue::number(at_least->locations));
  } else if (const auto* percent = std::get_if<PercentOf>(&policy)) {
    map.add("percent", WrittenValue::number(percent->percent));
  } else {
    return WrittenValue::of_text("any");
  }
  return map;
}

WrittenValue write_reminders(const AlertPolicy& alert) {
  WrittenValue map;
  map.add("every", written_duration(alert.reminder_every));
  map.add("count", WrittenValue::number(alert.reminder_count));
  return map;
}

WrittenValue write_escalation(const std::vector<EscalationStep>& steps) {
  WrittenValue list;
  list.kind = WrittenValue::Kind::list;
  for (const EscalationStep& step : steps) {
    WrittenValue map;
    map.add("after", written_duration(step.after));
    map.add("channels", written_texts(step.channels));
    list.items.push_back(std::move(map));
  }
  return list;
}

}  // namespace

std::string without_references(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text.substr(i, 2) == "${" ? "$$" : std::string(1, text[i]);
  }
  return out;
}

WrittenValue written_text(std::string_view text) {
  return WrittenValue::of_text(without_references(text));
}

WrittenValue written_texts(const std::vector<std::string>& texts) {
  WrittenValue list;
  list.kind = WrittenValue::Kind::list;
  for (const std::string& text : texts) {
    list.items.push_back(written_text(text));
  }
  return list;
}

WrittenValue written_duration(Duration value) {
  // As a text: JSON knows no durations. It needs no quotes in YAML either way.
  return WrittenValue::of_text(duration_text(value));
}

std::optional<WrittenValue> write_retry(const RetryPolicy& retry) {
  const RetryPolicy usual;
  WrittenValue map;
  if (!(retry == usual)) {
    // Without a strategy the reader asks for one, so it comes first whatever it is.
    map.add("strategy", WrittenValue::of_text(std::string(retry_strategy_name(retry.strategy))));
  }
  add_changed(map, "base", retry.base, usual.base, of_duration);
  add_changed(map, "max", retry.max, usual.max, of_number);
  add_changed(map, "total", retry.total, usual.total, of_duration);
  add_changed(map, "same_location", retry.same_location, usual.same_location, of_flag);
  if (retry.only_network) {
    map.add("only_on", WrittenValue::of_text("network"));
  }
  return word_or_map(std::move(map), "strategy");
}

std::optional<WrittenValue> write_alert(const AlertPolicy& alert) {
  const AlertPolicy usual;
  WrittenValue map;
  add_changed(map, "after_runs", alert.after_runs, usual.after_runs, of_number);
  if (alert.after_minutes) {
    map.add("after_minutes", written_duration(*alert.after_minutes));
  }
  add_changed(map, "recover_after_runs", alert.recover_after_runs, usual.recover_after_runs,
              of_number);
  add_changed(map, "locations", alert.locations, usual.locations, write_quorum);
  add_changed(map, "degraded", alert.degraded, usual.degraded, of_flag);
  add_changed(map, "strict", alert.strict, usual.strict, of_flag);
  if (alert.reminder_count > 0 || alert.reminder_every > Duration{}) {
    map.add("reminders", write_reminders(alert));
  }
  if (!alert.escalate.empty()) {
    map.add("escalate", write_escalation(alert.escalate));
  }
  return map.empty() ? std::nullopt : std::optional(std::move(map));
}

std::optional<WrittenValue> write_tls(const TlsOptions& tls) {
  const TlsOptions usual;
  WrittenValue map;
  if (!(tls == usual)) {
    map.add("mode", WrittenValue::of_text(std::string(tls_mode_name(tls.mode))));
  }
  add_changed(map, "protocol", tls.protocol, usual.protocol, of_name);
  add_changed(map, "server_name", tls.server_name, usual.server_name, of_name);
  add_changed(map, "verify", tls.verify, usual.verify, of_flag);
  if (!tls.alpn.empty()) {
    map.add("alpn", written_texts(tls.alpn));
  }
  add_changed(map, "certificate_file", tls.certificate_file, usual.certificate_file, of_name);
  add_changed(map, "key_file", tls.key_file, usual.key_file, of_name);
  add_changed(map, "ca_file", tls.ca_file, usual.ca_file, of_name);
  add_changed(map, "min_version", tls.min_version, usual.min_version, of_name);
  if (full_every_of(tls) != full_every_of(usual)) {
    map.add("full_every", WrittenValue::number(full_every_of(tls)));
  }
  return word_or_map(std::move(map), "mode");
}

}  // namespace tocsin
