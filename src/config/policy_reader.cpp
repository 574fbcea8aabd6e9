#include "config/policy_reader.h"

#include "base/check.h"
#include "config/assign.h"
#include "config/other_fields.h"

namespace tocsin {
namespace {

// The first row of each of these tables is the word that may stand alone: `retry: fixed`, `tls:
// direct`.
const Field& single_word(std::span<const Field> fields) { return fields.front(); }

void set_retry_field(Reader& reader, const YamlNode& node, const Field& field, RetryPolicy& retry) {
  if (field.name == "strategy") {
    if (const auto word = reader.choice(node, field)) {
      assign(retry.strategy, retry_strategy_from_name(*word));
    }
  } else if (field.name == "base") {
    assign(retry.base, reader.duration(node, field));
  } else if (field.name == "max") {
    assign(retry.max, reader.number(node, field));
  } else if (field.name == "total") {
    assign(retry.total, reader.duration(node, field));
  } else if (field.name == "same_location") {
    assign(retry.same_location, reader.boolean(node, field));
  } else if (field.name == "only_on") {
    retry.only_network = reader.choice(node, field).has_value();
  } else {
    CHECK(false, "every row of retry_fields is read");
  }
}

void set_tls_field(Reader& reader, const YamlNode& node, const Field& field, TlsOptions& tls) {
  if (field.name == "mode") {
    if (const auto word = reader.choice(node, field)) {
      assign(tls.mode, tls_mode_from_name(*word));
    }
  } else if (field.name == "protocol") {
    assign(tls.protocol, reader.choice(node, field));
  } else if (field.name == "server_name") {
    assign(tls.server_name, reader.text(node, field));
  } else if (field.name == "verify") {
    assign(tls.verify, reader.boolean(node, field));
  } else if (field.name == "alpn") {
    assign(tls.alpn, reader.text_list(node, field));
  } else if (field.name == "certificate_file") {
    assign(tls.certificate_file, reader.text(node, field));
  } else if (field.name == "key_file") {
    assign(tls.key_file, reader.text(node, field));
  } else if (field.name == "ca_file") {
    assign(tls.ca_file, reader.text(node, field));
  } else if (field.name == "min_version") {
    assign(tls.min_version, reader.choice(node, field));
  } else if (field.name == "full_every") {
    assign(tls.full_every, reader.number(node, field));
  } else {
    CHECK(false, "every row of tls_fields is read");
  }
}

std::optional<LocationPolicy> read_quorum(Reader& reader, const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) {
    if (node.text == "any") {
      return AnyLocation{};
    }
    reader.error(node.mark, "locations must be any, { at_least: M } or { percent: P }");
    return std::nullopt;
  }
  std::optional<LocationPolicy> policy;
  const size_t errors = reader.errors();
  read_map(reader, node, quorum_fields(), "locations",
           [&](const YamlNode& entry, const Field& field) {
             const std::optional<int64_t> number = reader.number(entry, field);
             if (number && field.name == "at_least") {
               policy = AtLeast{static_cast<uint32_t>(*number)};
             } else if (number) {
               policy = PercentOf{static_cast<uint32_t>(*number)};
             }
           });
  if (errors == reader.errors() && node.children.size() != 1) {
    reader.error(node.mark, "locations takes one of at_least and percent");
    return std::nullopt;
  }
  return policy;
}

void read_reminders(Reader& reader, const YamlNode& node, AlertPolicy& alert) {
  const size_t errors = reader.errors();
  read_map(reader, node, reminder_fields(), "reminders",
           [&](const YamlNode& entry, const Field& field) {
             if (field.name == "every") {
               assign(alert.reminder_every, reader.duration(entry, field));
             } else {
               assign(alert.reminder_count, reader.number(entry, field));
             }
           });
  if (errors == reader.errors() && node.children.size() != reminder_fields().size()) {
    reader.error(node.mark, "reminders needs both every and count",
                 "for example { every: 10m, count: 3 }");
  }
}

std::optional<EscalationStep> read_escalation_step(ReadContext& context, const YamlNode& node) {
  Reader& reader = context.reader;
  EscalationStep step;
  const size_t errors = reader.errors();
  read_map(reader, node, escalation_fields(), "a step of escalate",
           [&](const YamlNode& entry, const Field& field) {
             if (field.name == "after") {
               assign(step.after, reader.duration(entry, field));
             } else if (auto channels = reader.text_list(entry, field)) {
               step.channels = std::move(*channels);
               for (size_t i = 0; i < step.channels.size(); ++i) {
                 context.uses.push_back({NameUse::Kind::channel, step.channels[i], reader.file(),
                                         entry.children[i].mark});
               }
             }
           });
  if (errors != reader.errors()) {
    return std::nullopt;
  }
  if (node.children.size() != escalation_fields().size()) {
    reader.error(node.mark, "a step of escalate needs both after and channels",
                 "for example { after: 15m, channels: [oncall] }");
    return std::nullopt;
  }
  return step;
}

void read_escalation(ReadContext& context, const YamlNode& node, const Field& field,
                     AlertPolicy& alert) {
  if (!context.reader.is_list(node, field)) {
    return;
  }
  std::vector<EscalationStep> steps;
  for (const YamlNode& item : node.children) {
    std::optional<EscalationStep> step = read_escalation_step(context, item);
    if (!step) {
      continue;
    }
    if (!steps.empty() && step->after <= steps.back().after) {
      context.reader.error(item.mark, "the steps of escalate must grow in after",
                           "put the earlier step first");
    }
    steps.push_back(std::move(*step));
  }
  alert.escalate = std::move(steps);
}

void set_alert_field(ReadContext& context, const YamlNode& node, const Field& field,
                     AlertPolicy& alert) {
  Reader& reader = context.reader;
  if (field.name == "after_runs") {
    assign(alert.after_runs, reader.number(node, field));
  } else if (field.name == "after_minutes") {
    assign(alert.after_minutes, reader.duration(node, field));
  } else if (field.name == "recover_after_runs") {
    assign(alert.recover_after_runs, reader.number(node, field));
  } else if (field.name == "locations") {
    assign(alert.locations, read_quorum(reader, node));
  } else if (field.name == "degraded") {
    assign(alert.degraded, reader.boolean(node, field));
  } else if (field.name == "strict") {
    assign(alert.strict, reader.boolean(node, field));
  } else if (field.name == "reminders") {
    read_reminders(reader, node, alert);
  } else if (field.name == "escalate") {
    read_escalation(context, node, field, alert);
  } else {
    CHECK(false, "every row of alert_fields is read");
  }
}

}  // namespace

void read_retry(ReadContext& context, const YamlNode& node, const Field& field,
                RetryPolicy& retry) {
  Reader& reader = context.reader;
  if (node.kind == YamlNode::Kind::scalar) {
    set_retry_field(reader, node, single_word(retry_fields()), retry);
    return;
  }
  read_map(reader, node, retry_fields(), field.name,
           [&](const YamlNode& entry, const Field& below) {
             set_retry_field(reader, entry, below, retry);
           });
  if (node.kind == YamlNode::Kind::map && node.find("strategy") == nullptr &&
      retry.strategy == RetryStrategy::none) {
    reader.error(node.mark, "retry has no strategy, so nothing would be retried",
                 "add strategy: fixed (or single, linear, exponential)");
  }
}

void read_alert(ReadContext& context, const YamlNode& node, const Field& field,
                AlertPolicy& alert) {
  read_map(context.reader, node, alert_fields(), field.name,
           [&](const YamlNode& entry, const Field& below) {
             set_alert_field(context, entry, below, alert);
           });
}

void read_tls(ReadContext& context, const YamlNode& node, const Field& field, TlsOptions& tls) {
  Reader& reader = context.reader;
  if (node.kind == YamlNode::Kind::scalar) {
    set_tls_field(reader, node, single_word(tls_fields()), tls);
    return;
  }
  read_map(reader, node, tls_fields(), field.name, [&](const YamlNode& entry, const Field& below) {
    set_tls_field(reader, entry, below, tls);
  });
  if (node.kind == YamlNode::Kind::map && node.find("mode") == nullptr &&
      tls.mode == TlsMode::off) {
    reader.error(node.mark, "tls has no mode, so it would stay off", "add mode: direct");
  }
}

}  // namespace tocsin
