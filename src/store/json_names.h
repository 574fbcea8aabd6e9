// Wire names of the enumerations that stand in stored JSON, and the values that are stored as one
// text: a target, an address. Names are on disk: never renamed, never reused.
#pragma once

#include <string>
#include <string_view>

#include "base/address.h"
#include "base/error_code.h"
#include "model/channel.h"
#include "model/delivery.h"
#include "model/evidence.h"
#include "model/monitor.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin::stored {

std::string_view wire_name(Phase value);
std::string_view wire_name(ErrorCode value);
std::string_view wire_name(Verdict value);
std::string_view wire_name(StatusKind value);
std::string_view wire_name(EventType value);
std::string_view wire_name(TimelineKind value);
std::string_view wire_name(DeliveryState value);
std::string_view wire_name(AssertionSource value);
std::string_view wire_name(Comparison value);
std::string_view wire_name(IpFamily value);
std::string_view wire_name(Expectation value);
std::string_view wire_name(CloseMode value);
std::string_view wire_name(Strategy value);
std::string_view wire_name(TlsMode value);
std::string_view wire_name(RetryStrategy value);
std::string_view wire_name(ReachRole value);
std::string_view wire_name(TranscriptEntry::Kind value);
std::string_view wire_name(StepTime::Kind value);
std::string_view wire_name(ProxyKind value);
std::string_view wire_name(ChannelType value);
std::string_view wire_name(SmtpSecurity value);
std::string_view wire_name(EvidenceState value);
std::string_view wire_name(KnockAnswer value);
std::string_view wire_name(OcspStaple::Says value);

// False and `value` untouched when nothing has this name.
bool from_wire_name(std::string_view name, Phase& value);
bool from_wire_name(std::string_view name, ErrorCode& value);
bool from_wire_name(std::string_view name, Verdict& value);
bool from_wire_name(std::string_view name, StatusKind& value);
bool from_wire_name(std::string_view name, EventType& value);
bool from_wire_name(std::string_view name, TimelineKind& value);
bool from_wire_name(std::string_view name, DeliveryState& value);
bool from_wire_name(std::string_view name, AssertionSource& value);
bool from_wire_name(std::string_view name, Comparison& value);
bool from_wire_name(std::string_view name, IpFamily& value);
bool from_wire_name(std::string_view name, Expectation& value);
bool from_wire_name(std::string_view name, CloseMode& value);
bool from_wire_name(std::string_view name, Strategy& value);
bool from_wire_name(std::string_view name, TlsMode& value);
bool from_wire_name(std::string_view name, RetryStrategy& value);
bool from_wire_name(std::string_view name, ReachRole& value);
bool from_wire_name(std::string_view name, TranscriptEntry::Kind& value);
bool from_wire_name(std::string_view name, StepTime::Kind& value);
bool from_wire_name(std::string_view name, ProxyKind& value);
bool from_wire_name(std::string_view name, ChannelType& value);
bool from_wire_name(std::string_view name, SmtpSecurity& value);
bool from_wire_name(std::string_view name, EvidenceState& value);
bool from_wire_name(std::string_view name, KnockAnswer& value);
bool from_wire_name(std::string_view name, OcspStaple::Says& value);

// A target that was never set is the empty text.
std::string text_form(const Target& value);
bool from_text_form(std::string_view text, Target& value);
std::string text_form(const IpAddress& value);
bool from_text_form(std::string_view text, IpAddress& value);

}  // namespace tocsin::stored
