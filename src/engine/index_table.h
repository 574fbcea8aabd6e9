// IndexTable: a hash table of monitors by index, which keeps nothing but the index. What they are
// found by lies with the monitors themselves. Nothing is ever taken out.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace tocsin {

class IndexTable {
 public:
  // `hash_of(index)` of one that is in already.
  template <class HashOf>
  void insert(uint32_t index, uint64_t hash, HashOf hash_of) {
    if ((size_ + 1) * 8 > cells_.size() * 7) {
      grow(std::max(kCellsMin, 2 * cells_.size()), hash_of);
    }
    put(index, hash);
    ++size_;
  }

  // Room for so many in all.
  template <class HashOf>
  void reserve(size_t count, HashOf hash_of) {
    if (count * 8 > cells_.size() * 7) {
      grow(std::bit_ceil(std::max(kCellsMin, count * 8 / 7 + 1)), hash_of);
    }
  }

  // The first with that hash of which `is_it(index)`; kNone: there is none.
  template <class IsIt>
  [[nodiscard]] uint32_t find(uint64_t hash, IsIt is_it) const {
    if (cells_.empty()) {
      return kNone;
    }
    for (size_t at = hash & mask();; at = (at + 1) & mask()) {
      if (cells_[at] == kNone || is_it(cells_[at])) {
        return cells_[at];
      }
    }
  }

  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

 private:
  static constexpr size_t kCellsMin = 16;

  [[nodiscard]] size_t mask() const { return cells_.size() - 1; }
  void put(uint32_t index, uint64_t hash) {
    size_t at = hash & mask();
    while (cells_[at] != kNone) {
      at = (at + 1) & mask();
    }
    cells_[at] = index;
  }
  template <class HashOf>
  void grow(size_t cells, HashOf hash_of) {
    std::vector<uint32_t> old(cells, kNone);
    old.swap(cells_);
    for (const uint32_t index : old) {
      if (index != kNone) {
        put(index, hash_of(index));
      }
    }
  }

  std::vector<uint32_t> cells_;  // a power of two
  size_t size_ = 0;
};

}  // namespace tocsin
