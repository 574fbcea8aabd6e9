// The stored form of a monitor's definition. Most monitors say little of their own, so what is
// usual is left out; it is read as it stands here, whatever the defaults of the model become.
#include <utility>
#include <variant>

#include "store/json.h"
#include "store/json_archive.h"
#include "store/json_shared.h"

namespace tocsin::stored {
namespace {

// Which alternative of Step and of LocationPolicy stands in the object.
enum class StepKind : uint8_t { send, expect, starttls, expect_json };
enum class PolicyKind : uint8_t { any, at_least, percent };

constexpr std::string_view kStepKinds[] = {"send", "expect", "starttls", "expect_json"};
constexpr std::string_view kPolicyKinds[] = {"any", "at_least", "percent"};

std::string_view wire_name(StepKind kind) { return kStepKinds[static_cast<size_t>(kind)]; }
std::string_view wire_name(PolicyKind kind) { return kPolicyKinds[static_cast<size_t>(kind)]; }

template <class Kind, size_t Size>
bool find_kind(const std::string_view (&names)[Size], std::string_view name, Kind& kind) {
  for (size_t index = 0; index < Size; ++index) {
    if (names[index] == name) {
      kind = static_cast<Kind>(index);
      return true;
    }
  }
  return false;
}
bool from_wire_name(std::string_view name, StepKind& kind) {
  return find_kind(kStepKinds, name, kind);
}
bool from_wire_name(std::string_view name, PolicyKind& kind) {
  return find_kind(kPolicyKinds, name, kind);
}

void become(StepKind kind, Step& step) {
  switch (kind) {
    case StepKind::send:
      step = SendStep{};
      return;
    case StepKind::expect:
      step = ExpectStep{};
      return;
    case StepKind::starttls:
      step = StarttlsStep{};
      return;
    case StepKind::expect_json:
      step = ExpectJsonStep{};
      return;
  }
}

void become(PolicyKind kind, LocationPolicy& policy) {
  switch (kind) {
    case PolicyKind::any:
      policy = AnyLocation{};
      return;
    case PolicyKind::at_least:
      policy = AtLeast{};
      return;
    case PolicyKind::percent:
      policy = PercentOf{};
      return;
  }
}

}  // namespace

template <class Archive, Is<SendStep> V>
void describe(Archive& archive, V& step) {
  archive.field("bytes", step.bytes);
  archive.sparse("captures", step.captures);
}

template <class Archive, Is<CaptureUse> V>
void describe(Archive& archive, V& use) {
  archive.field("at", use.at);
  archive.field("group", use.group);
}

template <class Archive, Is<ExpectJsonStep> V>
void describe(Archive& archive, V& step) {
  archive.field("path", step.path);
  archive.field("is", step.is);
  archive.sparse("refuse", step.refuse);
}

template <class Archive, Is<ExpectStep> V>
void describe(Archive& archive, V& step) {
  archive.field("pattern", step.pattern);
  archive.sparse("is_regex", step.is_regex);
  archive.sparse("refuse", step.refuse);
}

template <class Archive, Is<StarttlsStep> V>
void describe(Archive&, V&) {}

template <class Archive, Is<AnyLocation> V>
void describe(Archive&, V&) {}

template <class Archive, Is<AtLeast> V>
void describe(Archive& archive, V& policy) {
  archive.field("locations", policy.locations);
}

template <class Archive, Is<PercentOf> V>
void describe(Archive& archive, V& policy) {
  archive.field("percent", policy.percent);
}

template <class Archive, Is<Step> V>
void describe(Archive& archive, V& step) {
  auto kind = static_cast<StepKind>(step.index());
  archive.field("do", kind);
  if constexpr (Archive::kReads) {
    become(kind, step);
  }
  std::visit([&](auto& one) { describe(archive, one); }, step);
}

template <class Archive, Is<LocationPolicy> V>
void describe(Archive& archive, V& policy) {
  auto kind = static_cast<PolicyKind>(policy.index());
  archive.field("need", kind);
  if constexpr (Archive::kReads) {
    become(kind, policy);
  }
  std::visit([&](auto& one) { describe(archive, one); }, policy);
}

template <class Archive, Is<TlsOptions> V>
void describe(Archive& archive, V& tls) {
  archive.usual("mode", tls.mode, TlsMode::off);
  archive.sparse("protocol", tls.protocol);
  archive.sparse("server_name", tls.server_name);
  archive.usual("verify", tls.verify, true);
  archive.sparse("alpn", tls.alpn);
  archive.sparse("certificate_file", tls.certificate_file);
  archive.sparse("key_file", tls.key_file);
  archive.sparse("ca_file", tls.ca_file);
  archive.sparse("min_version", tls.min_version);
  archive.sparse("full_every", tls.full_every);
}

template <class Archive, Is<Proxy> V>
void describe(Archive& archive, V& proxy) {
  archive.field("kind", proxy.kind);
  archive.field("at", proxy.at);
  archive.sparse("user", proxy.user);
  // Sealed by now, or still (store/monitor_secrets.h).
  std::string password = proxy.password.reveal();
  archive.sparse("password", password);
  if constexpr (Archive::kReads) {
    proxy.password = Secret(std::move(password));
  }
}

template <class Archive, Is<Assertion> V>
void describe(Archive& archive, V& assertion) {
  archive.field("source", assertion.source);
  archive.sparse("property", assertion.property);
  archive.field("comparison", assertion.comparison);
  archive.sparse("target", assertion.target);
}

template <class Archive, Is<RetryPolicy> V>
void describe(Archive& archive, V& retry) {
  archive.usual("strategy", retry.strategy, RetryStrategy::none);
  archive.usual("base_us", retry.base, 60s);
  archive.usual("max", retry.max, 2U);
  archive.usual("total_us", retry.total, 600s);
  archive.usual("same_location", retry.same_location, true);
  archive.sparse("only_network", retry.only_network);
}

template <class Archive, Is<EscalationStep> V>
void describe(Archive& archive, V& step) {
  archive.field("after_us", step.after);
  archive.field("channels", step.channels);
}

template <class Archive, Is<AlertPolicy> V>
void describe(Archive& archive, V& alert) {
  archive.usual("after_runs", alert.after_runs, 1U);
  archive.field("after_us", alert.after_minutes);
  archive.usual("recover_after_runs", alert.recover_after_runs, 1U);
  archive.usual("locations", alert.locations, AnyLocation{});
  archive.sparse("degraded", alert.degraded);
  archive.sparse("strict", alert.strict);
  archive.sparse("reminder_every_us", alert.reminder_every);
  archive.sparse("reminder_count", alert.reminder_count);
  archive.sparse("escalate", alert.escalate);
}

template <class Archive, Is<Origin> V>
void describe(Archive& archive, V& origin) {
  archive.sparse("file", origin.file);
  archive.sparse("line", origin.line);
  archive.sparse("author", origin.author);
}

template <class Archive, class V>
void describe_check(Archive& archive, V& monitor) {
  archive.field("target", monitor.target);
  archive.sparse("preset", monitor.preset);
  archive.usual("ip_family", monitor.ip_family, IpFamily::ipv4);
  archive.sparse("ip_family_written", monitor.ip_family_written);
  archive.field("source", monitor.source);
  archive.sparse("resolver", monitor.resolver);
  archive.field("proxy", monitor.proxy);
  archive.sparse("request", monitor.request);
  archive.usual("tls", monitor.tls, TlsOptions{});
  archive.sparse("assertions", monitor.assertions);
  archive.field("degraded_after_us", monitor.degraded_after);
  archive.field("fail_after_us", monitor.fail_after);
  archive.usual("timeout_us", monitor.timeout, 10s);
  archive.usual("expect", monitor.expect, Expectation::open);
  archive.sparse("should_fail", monitor.should_fail);
  archive.usual("close", monitor.close, CloseMode::fin);
  archive.sparse("secrets", monitor.secrets);
}

template <class Archive, Is<Monitor> V>
void describe(Archive& archive, V& monitor) {
  archive.field("project", monitor.project);
  archive.field("id", monitor.id);
  archive.field("name", monitor.name);
  describe_check(archive, monitor);
  archive.usual("interval_us", monitor.interval, 60s);
  archive.usual("locations", monitor.locations, {"local"});
  archive.usual("strategy", monitor.strategy, Strategy::parallel);
  archive.usual("retry", monitor.retry, RetryPolicy{});
  archive.usual("alert", monitor.alert, AlertPolicy{});
  archive.sparse("channels", monitor.channels);
  archive.sparse("tags", monitor.tags);
  archive.sparse("group", monitor.group);
  archive.sparse("description", monitor.description);
  archive.sparse("runbook", monitor.runbook);
  archive.sparse("depends_on", monitor.depends_on);
  archive.usual("enabled", monitor.enabled, true);
  archive.sparse("muted", monitor.muted);
  archive.usual("origin", monitor.origin, Origin{});
}

}  // namespace tocsin::stored

namespace tocsin {

std::string to_json(const Monitor& monitor) { return stored::write_json(monitor); }

Result<Monitor> monitor_from_json(std::string_view text) {
  return stored::read_json<Monitor>(text, "monitor");
}
Result<void> read_monitor(std::string_view text, Monitor& monitor) {
  return stored::read_json(text, "monitor", monitor);
}

}  // namespace tocsin
