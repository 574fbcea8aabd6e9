#include "model/delivery.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kStates = {NamedValue{DeliveryState::waiting, "waiting"},
                                NamedValue{DeliveryState::delivered, "delivered"},
                                NamedValue{DeliveryState::dead, "dead"},
                                NamedValue{DeliveryState::suppressed, "suppressed"}};

}  // namespace

std::string_view delivery_state_name(DeliveryState state) { return name_in(kStates, state); }

}  // namespace tocsin
