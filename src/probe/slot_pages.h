// SlotPages: as many slots as the descriptor limit allows, of which memory is taken only for those
// that were ever used, 256 at a time. They are used from the first up (probe/prober.h), so a small
// installation under a limit of a million pays for one page. A slot never moves.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace tocsin {

template <class Slot>
class SlotPages {
 public:
  explicit SlotPages(size_t size) : size_(size), pages_((size + kPage - 1) / kPage) {}

  [[nodiscard]] size_t size() const { return size_; }
  Slot& operator[](size_t index) {
    std::unique_ptr<Page>& page = pages_[index / kPage];
    if (!page) {
      page = std::make_unique<Page>();
    }
    return (*page)[index % kPage];
  }
  // The numbers of all that were ever used, and of their neighbours.
  template <class Visit>
  void for_each(Visit visit) const {
    for (size_t index = 0; index < size_; ++index) {
      if (pages_[index / kPage]) {
        visit(index);
      }
    }
  }

 private:
  static constexpr size_t kPage = 256;
  using Page = std::array<Slot, kPage>;

  size_t size_;
  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace tocsin
