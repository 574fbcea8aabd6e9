#include "model/evidence.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kStates = {NamedValue{EvidenceState::gathered, "gathered"},
                                NamedValue{EvidenceState::too_many, "too_many"},
                                NamedValue{EvidenceState::too_soon, "too_soon"}};

constexpr std::array kAnswers = {
    NamedValue{KnockAnswer::open, "open"}, NamedValue{KnockAnswer::refused, "refused"},
    NamedValue{KnockAnswer::icmp, "icmp"}, NamedValue{KnockAnswer::silence, "silence"},
    NamedValue{KnockAnswer::not_tried, "not_tried"}};

}  // namespace

std::string_view evidence_state_name(EvidenceState state) { return name_in(kStates, state); }
std::optional<EvidenceState> evidence_state_from_name(std::string_view name) {
  return value_in(kStates, name);
}
std::string_view knock_answer_name(KnockAnswer answer) { return name_in(kAnswers, answer); }
std::optional<KnockAnswer> knock_answer_from_name(std::string_view name) {
  return value_in(kAnswers, name);
}

}  // namespace tocsin
