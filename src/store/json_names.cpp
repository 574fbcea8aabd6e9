#include "store/json_names.h"

#include <optional>

namespace tocsin::stored {
namespace {

template <class E>
bool take(std::optional<E> found, E& value) {
  if (!found) {
    return false;
  }
  value = *found;
  return true;
}

// For enumerations whose model offers names only one way. `last` is the highest value.
template <class E>
bool search(std::string_view name, E last, E& value) {
  for (auto number = 1U; number <= static_cast<unsigned>(last); ++number) {
    const auto candidate = static_cast<E>(number);
    if (wire_name(candidate) == name) {
      value = candidate;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view wire_name(Phase value) { return phase_name(value); }
std::string_view wire_name(ErrorCode value) { return error_name(value); }
std::string_view wire_name(Verdict value) { return verdict_name(value); }
std::string_view wire_name(StatusKind value) { return status_name(value); }
std::string_view wire_name(EventType value) { return event_type_name(value); }
std::string_view wire_name(TimelineKind value) { return timeline_kind_name(value); }
std::string_view wire_name(DeliveryState value) { return delivery_state_name(value); }
std::string_view wire_name(AssertionSource value) { return source_name(value); }
std::string_view wire_name(Comparison value) { return comparison_name(value); }
std::string_view wire_name(IpFamily value) { return ip_family_name(value); }
std::string_view wire_name(Expectation value) { return expectation_name(value); }
std::string_view wire_name(CloseMode value) { return close_mode_name(value); }
std::string_view wire_name(Strategy value) { return strategy_name(value); }
std::string_view wire_name(TlsMode value) { return tls_mode_name(value); }
std::string_view wire_name(RetryStrategy value) { return retry_strategy_name(value); }
std::string_view wire_name(ReachRole value) { return reach_role_name(value); }
std::string_view wire_name(TranscriptEntry::Kind value) { return transcript_kind_name(value); }
std::string_view wire_name(OcspStaple::Says value) { return staple_name(value); }
std::string_view wire_name(StepTime::Kind value) { return step_kind_name(value); }

std::string_view wire_name(ProxyKind value) { return proxy_kind_name(value); }
std::string_view wire_name(ChannelType value) { return channel_type_name(value); }
std::string_view wire_name(SmtpSecurity value) { return smtp_security_name(value); }
std::string_view wire_name(EvidenceState value) { return evidence_state_name(value); }
std::string_view wire_name(KnockAnswer value) { return knock_answer_name(value); }

bool from_wire_name(std::string_view name, Phase& value) {
  return take(phase_from_name(name), value);
}
bool from_wire_name(std::string_view name, ErrorCode& value) {
  return take(error_from_name(name), value);
}
bool from_wire_name(std::string_view name, Verdict& value) {
  return take(verdict_from_name(name), value);
}
bool from_wire_name(std::string_view name, StatusKind& value) {
  return take(status_from_name(name), value);
}
bool from_wire_name(std::string_view name, EventType& value) {
  return take(event_type_from_name(name), value);
}
bool from_wire_name(std::string_view name, TimelineKind& value) {
  return search(name, TimelineKind::evidence, value);
}
bool from_wire_name(std::string_view name, DeliveryState& value) {
  return search(name, DeliveryState::suppressed, value);
}
bool from_wire_name(std::string_view name, AssertionSource& value) {
  return take(source_from_name(name), value);
}
bool from_wire_name(std::string_view name, Comparison& value) {
  return take(comparison_from_name(name), value);
}
bool from_wire_name(std::string_view name, IpFamily& value) {
  return take(ip_family_from_name(name), value);
}
bool from_wire_name(std::string_view name, Expectation& value) {
  return take(expectation_from_name(name), value);
}
bool from_wire_name(std::string_view name, CloseMode& value) {
  return take(close_mode_from_name(name), value);
}
bool from_wire_name(std::string_view name, Strategy& value) {
  return take(strategy_from_name(name), value);
}
bool from_wire_name(std::string_view name, TlsMode& value) {
  return take(tls_mode_from_name(name), value);
}
bool from_wire_name(std::string_view name, RetryStrategy& value) {
  return take(retry_strategy_from_name(name), value);
}
bool from_wire_name(std::string_view name, ReachRole& value) {
  return take(reach_role_from_name(name), value);
}
bool from_wire_name(std::string_view name, TranscriptEntry::Kind& value) {
  return search(name, TranscriptEntry::Kind::note, value);
}
bool from_wire_name(std::string_view name, StepTime::Kind& value) {
  return search(name, StepTime::Kind::starttls, value);
}

bool from_wire_name(std::string_view name, OcspStaple::Says& value) {
  return search(name, OcspStaple::Says::unusable, value);
}

bool from_wire_name(std::string_view name, ProxyKind& value) {
  return take(proxy_kind_from_name(name), value);
}
bool from_wire_name(std::string_view name, ChannelType& value) {
  return take(channel_type_from_name(name), value);
}
bool from_wire_name(std::string_view name, SmtpSecurity& value) {
  return take(smtp_security_from_name(name), value);
}
bool from_wire_name(std::string_view name, EvidenceState& value) {
  return take(evidence_state_from_name(name), value);
}
bool from_wire_name(std::string_view name, KnockAnswer& value) {
  return take(knock_answer_from_name(name), value);
}

std::string text_form(const Target& value) {
  return value == Target() ? std::string() : value.text();
}

bool from_text_form(std::string_view text, Target& value) {
  if (text.empty()) {
    value = Target();
    return true;
  }
  Result<Target> target = Target::parse(text);
  if (!target) {
    return false;
  }
  value = std::move(*target);
  return true;
}

std::string text_form(const IpAddress& value) { return value.text(); }

bool from_text_form(std::string_view text, IpAddress& value) {
  return take(IpAddress::parse(text), value);
}

}  // namespace tocsin::stored
