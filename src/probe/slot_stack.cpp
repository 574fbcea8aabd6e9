#include "probe/slot_stack.h"

#include <algorithm>

namespace tocsin {

SlotStack::SlotStack(uint32_t slots) : told_(slots), lowest_(slots) {
  for (uint32_t slot = slots; slot > 0; --slot) {
    free_.push_back(slot - 1);
  }
}

uint32_t SlotStack::take() {
  const uint32_t slot = free_.back();
  free_.pop_back();
  lowest_ = std::min(lowest_, free_.size());
  told_ = std::min(told_, free_.size());
  return slot;
}

void SlotStack::give_back(std::span<const uint32_t> slots) {
  free_.insert(free_.end(), slots.begin(), slots.end());
}

void SlotStack::end_of_while() {
  rested_ = lowest_;
  lowest_ = free_.size();
}

std::optional<uint32_t> SlotStack::next_rested() {
  rested_ = std::min(rested_, lowest_);
  if (told_ >= rested_) {
    return std::nullopt;
  }
  return free_[told_++];
}

}  // namespace tocsin
