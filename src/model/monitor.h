// Monitor: what a user configures. Field names, defaults and limits stand in field_table.h; their
// meaning in docs and product.md. Everything here is a plain value; config/ makes it from YAML,
// plan (core/plan.h) gives it its uid.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "model/assertion.h"
#include "model/proxy.h"
#include "model/reach_role.h"
#include "model/target.h"

namespace tocsin {

// Wire: ipv4, ipv6, auto, all.
enum class IpFamily : uint8_t { ipv4, ipv6, automatic, all };
enum class Expectation : uint8_t { open, closed, unreachable };
enum class CloseMode : uint8_t { fin, quiet, rst };
enum class Strategy : uint8_t { parallel, round_robin };
enum class TlsMode : uint8_t { off, direct, starttls };
enum class RetryStrategy : uint8_t { none, single, fixed, linear, exponential };

// A place in the bytes of a send that what an earlier step captured fills.
struct CaptureUse {
  size_t at = 0;  // before this byte; in order, several may stand at one place
  // The name of a group, or the number (from 1) of one of the newest expect before with groups.
  std::string group;
  bool operator==(const CaptureUse&) const = default;
};
struct SendStep {
  std::string bytes;
  std::vector<CaptureUse> captures = {};
  bool operator==(const SendStep&) const = default;
};
// Waits until `pattern` is found in the bytes received since the previous step. A hit of any
// `refuse` pattern fails at once. In these patterns `^` is the beginning of those bytes or of a
// line; what looks at the end (`$`, `\b`) waits for the end of the answer.
struct ExpectStep {
  std::string pattern;  // literal bytes, or RE2 when is_regex
  bool is_regex = false;
  std::vector<std::string> refuse;  // RE2 patterns
  bool operator==(const ExpectStep&) const = default;
};
struct StarttlsStep {
  // What the step before met is all of the agreement, so whatever is behind it is said in clear. Of
  // steps that the engine makes for a protocol it knows; not part of a definition, never stored.
  bool follows_whole_agreement = false;
  bool operator==(const StarttlsStep&) const = default;
};
// Waits for the whole JSON object or list that begins with the first { or [ since the previous
// step, and for what `path` finds in it. It is met when every value found equals `is`, without `is`
// when anything is found; else it fails at once. `refuse` as in ExpectStep.
struct ExpectJsonStep {
  std::string path;               // as the property of an assertion: "$.status"
  std::optional<std::string> is;  // compared as an assertion's equals
  std::vector<std::string> refuse = {};
  bool operator==(const ExpectJsonStep&) const = default;
};
using Step = std::variant<SendStep, ExpectStep, StarttlsStep, ExpectJsonStep>;
bool is_expect(const Step& step);  // of either kind

struct TlsOptions {
  TlsMode mode = TlsMode::off;
  // Of STARTTLS: smtp imap pop3 ftp ldap xmpp postgres mysql; empty = that of the preset, or the
  // request has a starttls step.
  std::string protocol;
  std::string server_name;  // SNI and name check; empty = the target's host
  bool verify = true;
  std::vector<std::string> alpn;
  std::string certificate_file, key_file;  // client certificate, PEM
  std::string ca_file;                     // PEM; empty = the system's
  std::string min_version;                 // "", "1.2", "1.3"
  // Sessions are resumed, but each so many-th handshake is a full one, which alone shows the
  // server's certificate. 1: all are; 0: kFullHandshakeEvery; at most kFullHandshakeEveryMax.
  uint32_t full_every = 0;
  bool operator==(const TlsOptions&) const = default;
};

// The number that `full_every` stands for.
uint32_t full_every_of(const TlsOptions& tls);

struct RetryPolicy {
  RetryStrategy strategy = RetryStrategy::none;
  Duration base = 60s;
  uint32_t max = 2;       // retries, 1-10; `single` means 1
  Duration total = 600s;  // whole run, waits included, <= 600 s
  bool same_location = true;
  bool only_network = false;
  bool operator==(const RetryPolicy&) const = default;
};

// How many locations must agree that it is bad.
struct AnyLocation {
  bool operator==(const AnyLocation&) const = default;
};
struct AtLeast {
  uint32_t locations = 1;
  bool operator==(const AtLeast&) const = default;
};
// 1-100.
struct PercentOf {
  uint32_t percent = 100;
  bool operator==(const PercentOf&) const = default;
};
using LocationPolicy = std::variant<AnyLocation, AtLeast, PercentOf>;

struct EscalationStep {
  Duration after{};  // counted from the opening of the incident
  std::vector<std::string> channels;
  bool operator==(const EscalationStep&) const = default;
};

struct AlertPolicy {
  uint32_t after_runs = 1;  // 1-100 consecutive bad outcomes
  // Or bad for this long (config key after_minutes takes a duration).
  std::optional<Duration> after_minutes;
  uint32_t recover_after_runs = 1;  // 1-100
  LocationPolicy locations = AnyLocation{};
  bool degraded = false;      // degraded opens an incident of that severity
  bool strict = false;        // see product.md
  Duration reminder_every{};  // 0 = no reminders
  uint32_t reminder_count = 0;
  std::vector<EscalationStep> escalate;
  bool operator==(const AlertPolicy&) const = default;
};

// Where a definition comes from, for messages and for the 409 of the API.
struct Origin {
  std::string file;  // empty: made by a command
  int line = 0;
  ReachRole author = ReachRole::operator_files;  // what its probes may connect to
  bool operator==(const Origin&) const = default;
};

struct Monitor {
  std::string project;  // id of the owning project, or "ui"
  std::string id;       // logical id, unique in its project
  std::string name;
  Target target;
  std::string preset;
  IpFamily ip_family = IpFamily::ipv4;
  bool ip_family_written = false;       // only a written family can misfit a literal
  std::optional<IpAddress> source;      // where a probe connects from; empty = as the system likes
  std::vector<SocketAddress> resolver;  // who is asked for the name; empty = as the server does
  std::optional<Proxy> proxy;
  std::vector<Step> request;
  TlsOptions tls;
  std::vector<Assertion> assertions;
  std::optional<Duration> degraded_after, fail_after;
  Duration timeout = 10s;
  Expectation expect = Expectation::open;
  bool should_fail = false;
  Duration interval = 60s;
  std::vector<std::string> locations = {"local"};
  Strategy strategy = Strategy::parallel;
  RetryPolicy retry;
  AlertPolicy alert;
  std::vector<std::string> channels;
  std::vector<std::string> tags;
  std::string group, description, runbook;
  std::vector<std::string> depends_on;
  bool enabled = true;
  bool muted = false;
  CloseMode close = CloseMode::fin;
  // What references of `request` and `assert` stand for, as it is sent or awaited: never shown
  // (core/secrets.h).
  std::vector<std::string> secrets;
  Origin origin;  // not part of what is compared by plan
};

// The owner of what is made over the API; no file may name its project so.
inline constexpr std::string_view kUiProject = "ui";
bool is_of_ui(const Monitor& monitor);

// Equal in everything that a reload would have to act on (origin left out).
bool same_definition(const Monitor& a, const Monitor& b);
// Equal in where a probe connects and what it says there: what the reach gate is about.
bool says_the_same(const Monitor& a, const Monitor& b);
// True when nothing is sent, expected or asserted on data: the verdict is known at connect (or TLS)
// time.
bool is_connect_only(const Monitor& monitor);

// Where the connection of the probe itself goes to: the proxy, if there is one.
const Target& first_stop(const Monitor& monitor);

// The protocol of the talk before TLS: the written one, else that of the preset; empty = neither
// has one.
std::string_view starttls_protocol(const Monitor& monitor);
// The request says itself when TLS begins: no protocol's talk is put before it.
bool has_starttls_step(const Monitor& monitor);

std::string_view ip_family_name(IpFamily value);
std::string_view expectation_name(Expectation value);
std::string_view close_mode_name(CloseMode value);
std::string_view strategy_name(Strategy value);
std::string_view tls_mode_name(TlsMode value);
std::string_view retry_strategy_name(RetryStrategy value);
std::optional<IpFamily> ip_family_from_name(std::string_view name);
std::optional<Expectation> expectation_from_name(std::string_view name);
std::optional<CloseMode> close_mode_from_name(std::string_view name);
std::optional<Strategy> strategy_from_name(std::string_view name);
std::optional<TlsMode> tls_mode_from_name(std::string_view name);
std::optional<RetryStrategy> retry_strategy_from_name(std::string_view name);

}  // namespace tocsin
