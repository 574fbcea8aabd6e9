#include "config/monitor_writer.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"
#include "config/policy_writer.h"
#include "core/assert.h"
#include "core/secrets.h"
#include "core/send_text.h"
#include "model/field_table.h"

namespace tocsin {
namespace {

using Written = std::optional<WrittenValue>;

bool is_printable(std::string_view bytes) {
  return is_valid_utf8(bytes) && std::ranges::none_of(bytes, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return (byte < 0x20 && c != '\r' && c != '\n' && c != '\t') || byte == 0x7f;
         });
}

// Escapes as people type them.
WrittenValue written_bytes(std::string_view bytes) {
  return written_text(escape_for_display(bytes));
}

WrittenValue write_send(const SendStep& step, SentBytes sent) {
  WrittenValue map;
  if (sent == SentBytes::hide) {
    map.add("hidden", WrittenValue::number(static_cast<int64_t>(step.bytes.size())));
    return map;
  }
  WrittenValue text = written_text(send_text(step));
  // What takes more escapes than letters is no text for anybody. Only a text has captures.
  if (!step.captures.empty() ||
      (is_printable(step.bytes) && text.text.size() <= 2 * step.bytes.size())) {
    return text;
  }
  map.add("hex", WrittenValue::of_text(to_hex(step.bytes)));
  return map;
}

WrittenValue write_expect(const ExpectStep& step) {
  WrittenValue pattern = step.is_regex ? written_text(step.pattern) : written_bytes(step.pattern);
  if (!step.is_regex && step.refuse.empty()) {
    return pattern;
  }
  WrittenValue map;
  map.add(step.is_regex ? "regex" : "text", std::move(pattern));
  if (!step.refuse.empty()) {
    map.add("refuse", written_texts(step.refuse));
  }
  return map;
}

WrittenValue write_expect(const ExpectJsonStep& step) {
  WrittenValue map;
  map.add("json", written_text(step.path));
  if (step.is) {
    map.add("is", written_text(*step.is));
  }
  if (!step.refuse.empty()) {
    map.add("refuse", written_texts(step.refuse));
  }
  return map;
}

WrittenValue write_step(const Step& step, SentBytes sent) {
  WrittenValue map;
  if (const auto* send = std::get_if<SendStep>(&step)) {
    map.add("send", write_send(*send, sent));
  } else if (const auto* expect = std::get_if<ExpectStep>(&step)) {
    map.add("expect", write_expect(*expect));
  } else if (const auto* json = std::get_if<ExpectJsonStep>(&step)) {
    map.add("expect", write_expect(*json));
  } else {
    map.add("starttls", WrittenValue::boolean(true));
  }
  return map;
}

Written write_request(const Monitor& monitor, SentBytes sent) {
  if (monitor.request.empty()) {
    return std::nullopt;
  }
  const Secrets secrets(monitor.secrets);
  WrittenValue list;
  list.kind = WrittenValue::Kind::list;
  for (const Step& step : monitor.request) {
    list.items.push_back(sent == SentBytes::hide ? write_step(masked_step(step, secrets), sent)
                                                 : write_step(step, sent));
  }
  return list;
}

Written write_assertions(const Monitor& monitor, SentBytes sent) {
  if (monitor.assertions.empty()) {
    return std::nullopt;
  }
  const Secrets secrets(monitor.secrets);
  std::vector<std::string> lines;
  lines.reserve(monitor.assertions.size());
  for (const Assertion& assertion : monitor.assertions) {
    const std::string line = assertion_text(assertion);
    lines.push_back(sent == SentBytes::hide ? secrets.masked(line) : line);
  }
  return written_texts(lines);
}

// An address brings its own family; a name has IPv4 by default.
Written write_family(const Monitor& monitor, SentBytes) {
  const auto& literal = monitor.target.literal();
  const IpFamily usual = literal && literal->family == Family::v6 ? IpFamily::ipv6 : IpFamily::ipv4;
  return monitor.ip_family == usual
             ? std::nullopt
             : Written(WrittenValue::of_text(std::string(ip_family_name(monitor.ip_family))));
}

Written text_unless(std::string_view value, std::string_view usual) {
  return value == usual ? std::nullopt : Written(written_text(value));
}
Written duration_unless(const std::optional<Duration>& value, Duration usual) {
  return !value || *value == usual ? std::nullopt : Written(written_duration(*value));
}
Written flag_unless(bool value, bool usual) {
  return value == usual ? std::nullopt : Written(WrittenValue::boolean(value));
}
Written texts_unless(const std::vector<std::string>& value, const std::vector<std::string>& usual) {
  return value == usual ? std::nullopt : Written(written_texts(value));
}

struct FieldWriter {
  std::string_view name;
  Written (*write)(const Monitor& monitor, SentBytes sent);
};

const Monitor& usual() {
  static const Monitor defaults;
  return defaults;
}

constexpr std::array kWriters = {
    FieldWriter{"name", [](const Monitor& m, SentBytes) { return text_unless(m.name, m.id); }},
    FieldWriter{"target",
                [](const Monitor& m, SentBytes) { return Written(written_text(m.target.text())); }},
    FieldWriter{"preset", [](const Monitor& m, SentBytes) { return text_unless(m.preset, ""); }},
    FieldWriter{"ip_family", write_family},
    FieldWriter{"source",
                [](const Monitor& m, SentBytes) {
                  return m.source ? Written(written_text(m.source->text())) : std::nullopt;
                }},
    FieldWriter{"resolver",
                [](const Monitor& m, SentBytes) {
                  std::vector<std::string> servers;
                  servers.reserve(m.resolver.size());
                  for (const SocketAddress& server : m.resolver) {
                    servers.push_back(server.text());
                  }
                  return texts_unless(servers, {});
                }},
    // Never with its password, whoever asks.
    FieldWriter{"proxy",
                [](const Monitor& m, SentBytes) {
                  return m.proxy ? Written(written_text(proxy_text(*m.proxy))) : std::nullopt;
                }},
    FieldWriter{"tls", [](const Monitor& m, SentBytes) { return write_tls(m.tls); }},
    FieldWriter{"request", write_request},
    FieldWriter{"assert", write_assertions},
    FieldWriter{"degraded_after",
                [](const Monitor& m, SentBytes) { return duration_unless(m.degraded_after, {}); }},
    FieldWriter{"fail_after",
                [](const Monitor& m, SentBytes) { return duration_unless(m.fail_after, {}); }},
    FieldWriter{"timeout", [](const Monitor& m,
                              SentBytes) { return duration_unless(m.timeout, usual().timeout); }},
    FieldWriter{"expect",
                [](const Monitor& m, SentBytes) {
                  return text_unless(expectation_name(m.expect), expectation_name(usual().expect));
                }},
    FieldWriter{"should_fail",
                [](const Monitor& m, SentBytes) { return flag_unless(m.should_fail, false); }},
    FieldWriter{
        "interval",
        [](const Monitor& m, SentBytes) { return duration_unless(m.interval, usual().interval); }},
    FieldWriter{
        "locations",
        [](const Monitor& m, SentBytes) { return texts_unless(m.locations, usual().locations); }},
    FieldWriter{"strategy",
                [](const Monitor& m, SentBytes) {
                  return text_unless(strategy_name(m.strategy), strategy_name(usual().strategy));
                }},
    FieldWriter{"retry", [](const Monitor& m, SentBytes) { return write_retry(m.retry); }},
    FieldWriter{"alert", [](const Monitor& m, SentBytes) { return write_alert(m.alert); }},
    FieldWriter{"channels",
                [](const Monitor& m, SentBytes) { return texts_unless(m.channels, {}); }},
    FieldWriter{"tags", [](const Monitor& m, SentBytes) { return texts_unless(m.tags, {}); }},
    FieldWriter{"group", [](const Monitor& m, SentBytes) { return text_unless(m.group, ""); }},
    FieldWriter{"description",
                [](const Monitor& m, SentBytes) { return text_unless(m.description, ""); }},
    FieldWriter{"runbook", [](const Monitor& m, SentBytes) { return text_unless(m.runbook, ""); }},
    FieldWriter{"depends_on",
                [](const Monitor& m, SentBytes) { return texts_unless(m.depends_on, {}); }},
    FieldWriter{"enabled",
                [](const Monitor& m, SentBytes) { return flag_unless(m.enabled, true); }},
    FieldWriter{"muted", [](const Monitor& m, SentBytes) { return flag_unless(m.muted, false); }},
    FieldWriter{"close",
                [](const Monitor& m, SentBytes) {
                  return text_unless(close_mode_name(m.close), close_mode_name(usual().close));
                }},
};

}  // namespace

WrittenValue write_definition(const Monitor& monitor, SentBytes sent) {
  WrittenValue map;
  for (const Field& field : monitor_fields()) {
    const auto* const writer = std::ranges::find(kWriters, field.name, &FieldWriter::name);
    if (writer == kWriters.end()) {
      continue;
    }
    if (Written value = writer->write(monitor, sent)) {
      map.add(std::string(field.name), std::move(*value));
    }
  }
  return map;
}

bool is_written_field(std::string_view name) {
  return std::ranges::find(kWriters, name, &FieldWriter::name) != kWriters.end();
}

}  // namespace tocsin
