#include "model/monitor.h"

#include <algorithm>
#include <tuple>

#include "base/limits.h"
#include "model/name_table.h"
#include "model/preset.h"

namespace tocsin {
namespace {

constexpr std::array kFamilies = {
    NamedValue{IpFamily::ipv4, "ipv4"}, NamedValue{IpFamily::ipv6, "ipv6"},
    NamedValue{IpFamily::automatic, "auto"}, NamedValue{IpFamily::all, "all"}};
constexpr std::array kExpectations = {NamedValue{Expectation::open, "open"},
                                      NamedValue{Expectation::closed, "closed"},
                                      NamedValue{Expectation::unreachable, "unreachable"}};
constexpr std::array kCloseModes = {NamedValue{CloseMode::fin, "fin"},
                                    NamedValue{CloseMode::quiet, "quiet"},
                                    NamedValue{CloseMode::rst, "rst"}};
constexpr std::array kStrategies = {NamedValue{Strategy::parallel, "parallel"},
                                    NamedValue{Strategy::round_robin, "round_robin"}};
constexpr std::array kTlsModes = {NamedValue{TlsMode::off, "off"},
                                  NamedValue{TlsMode::direct, "direct"},
                                  NamedValue{TlsMode::starttls, "starttls"}};
constexpr std::array kRetryStrategies = {
    NamedValue{RetryStrategy::none, "none"}, NamedValue{RetryStrategy::single, "single"},
    NamedValue{RetryStrategy::fixed, "fixed"}, NamedValue{RetryStrategy::linear, "linear"},
    NamedValue{RetryStrategy::exponential, "exponential"}};

// Everything but the origin. ip_family_written stays out too: it only guards the reading, the probe
// does not look at it.
auto definition(const Monitor& m) {
  return std::tie(m.project, m.id, m.name, m.target, m.preset, m.ip_family, m.source, m.resolver,
                  m.proxy, m.request, m.tls, m.assertions, m.degraded_after, m.fail_after,
                  m.timeout, m.expect, m.should_fail, m.interval, m.locations, m.strategy, m.retry,
                  m.alert, m.channels, m.tags, m.group, m.description, m.runbook, m.depends_on,
                  m.enabled, m.muted, m.close, m.secrets);
}

}  // namespace

bool same_definition(const Monitor& a, const Monitor& b) { return definition(a) == definition(b); }

bool is_of_ui(const Monitor& monitor) { return monitor.project == kUiProject; }

bool says_the_same(const Monitor& a, const Monitor& b) {
  const auto said = [](const Monitor& m) {
    return std::tie(m.target, m.preset, m.ip_family, m.source, m.resolver, m.proxy, m.request,
                    m.tls, m.close);
  };
  return said(a) == said(b);
}

bool is_connect_only(const Monitor& monitor) {
  return monitor.request.empty() &&
         std::ranges::none_of(monitor.assertions, [](const Assertion& assertion) {
           return assertion.source == AssertionSource::response_data ||
                  assertion.source == AssertionSource::bytes_received;
         });
}

const Target& first_stop(const Monitor& monitor) {
  return monitor.proxy ? monitor.proxy->at : monitor.target;
}

std::string_view starttls_protocol(const Monitor& monitor) {
  const Preset* const preset = find_preset(monitor.preset);
  const bool is_from_preset = monitor.tls.protocol.empty() && preset != nullptr;
  return is_from_preset ? preset->starttls : std::string_view(monitor.tls.protocol);
}

bool is_expect(const Step& step) {
  return std::holds_alternative<ExpectStep>(step) || std::holds_alternative<ExpectJsonStep>(step);
}

bool has_starttls_step(const Monitor& monitor) {
  return std::ranges::any_of(
      monitor.request, [](const Step& step) { return std::holds_alternative<StarttlsStep>(step); });
}

std::string_view ip_family_name(IpFamily value) { return name_in(kFamilies, value); }
std::string_view expectation_name(Expectation value) { return name_in(kExpectations, value); }
std::string_view close_mode_name(CloseMode value) { return name_in(kCloseModes, value); }
std::string_view strategy_name(Strategy value) { return name_in(kStrategies, value); }
std::string_view tls_mode_name(TlsMode value) { return name_in(kTlsModes, value); }
std::string_view retry_strategy_name(RetryStrategy value) {
  return name_in(kRetryStrategies, value);
}

std::optional<IpFamily> ip_family_from_name(std::string_view name) {
  return value_in(kFamilies, name);
}
std::optional<Expectation> expectation_from_name(std::string_view name) {
  return value_in(kExpectations, name);
}
std::optional<CloseMode> close_mode_from_name(std::string_view name) {
  return value_in(kCloseModes, name);
}
std::optional<Strategy> strategy_from_name(std::string_view name) {
  return value_in(kStrategies, name);
}
std::optional<TlsMode> tls_mode_from_name(std::string_view name) {
  return value_in(kTlsModes, name);
}
std::optional<RetryStrategy> retry_strategy_from_name(std::string_view name) {
  return value_in(kRetryStrategies, name);
}

uint32_t full_every_of(const TlsOptions& tls) {
  return tls.full_every == 0 ? kFullHandshakeEvery : tls.full_every;
}

}  // namespace tocsin
