// SlotStack: the numbers of free slots, used last in first out so that a small working set stays in
// the cache. What lies at its bottom was not needed for a while: a slot told of as rested lets go
// of the socket it keeps for its next connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tocsin {

class SlotStack {
 public:
  // Numbers 0 .. slots-1, the first on top; none of them was ever used.
  explicit SlotStack(uint32_t slots);

  [[nodiscard]] bool empty() const { return free_.empty(); }
  [[nodiscard]] size_t size() const { return free_.size(); }
  // Of a stack that is not empty.
  uint32_t take();
  void give_back(std::span<const uint32_t> slots);

  // Begins another while; those not needed in the one that ends have rested, most of them for
  // longer.
  void end_of_while();
  // The next that has rested, told once until it is used again.
  std::optional<uint32_t> next_rested();
  // A slot was used since it was last told of: it is worth while to look again.
  [[nodiscard]] bool has_used() const { return told_ < free_.size(); }

 private:
  std::vector<uint32_t> free_;
  size_t told_;        // so many at the bottom have nothing to let go of
  size_t lowest_;      // fewest that were free in this while
  size_t rested_ = 0;  // so many at the bottom were not needed in the last one, nor since
};

}  // namespace tocsin
