// StableArray: elements that are only ever added and never move. They lie in chunks of some 2 MiB,
// which the system is asked to back with huge pages: what is looked at in no order, once each
// second or minute, would else cost a walk through the page tables each time.
#pragma once

#include <sys/mman.h>

#include <bit>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace tocsin {

template <class T>
class StableArray {
 public:
  StableArray() = default;
  StableArray(const StableArray&) = delete;
  StableArray& operator=(const StableArray&) = delete;
  ~StableArray() {
    for (size_t i = size_; i > 0; --i) {
      std::destroy_at(&(*this)[i - 1]);
    }
  }

  T& emplace_back() {
    const Place at = place_of(size_);
    if (at.chunk == chunks_.size()) {
      chunks_.push_back(at.chunk == 0 ? small_chunk() : large_chunk());
    }
    T* const made = std::construct_at(chunks_[at.chunk].get() + at.offset);
    ++size_;
    return *made;
  }
  T& operator[](size_t index) {
    const Place at = place_of(index);
    return chunks_[at.chunk].get()[at.offset];
  }
  const T& operator[](size_t index) const { return const_cast<StableArray&>(*this)[index]; }
  [[nodiscard]] size_t size() const { return size_; }

  template <class Array, class Element>
  class Walk {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    Walk() = default;
    Walk(Array& array, size_t at) : array_(&array), at_(at) {}
    Element& operator*() const { return (*array_)[at_]; }
    Element* operator->() const { return &(*array_)[at_]; }
    Walk& operator++() {
      ++at_;
      return *this;
    }
    Walk operator++(int) { return std::exchange(*this, Walk(*array_, at_ + 1)); }
    bool operator==(const Walk& other) const { return at_ == other.at_; }

   private:
    Array* array_ = nullptr;
    size_t at_ = 0;
  };
  [[nodiscard]] auto begin() { return Walk<StableArray, T>(*this, 0); }
  [[nodiscard]] auto end() { return Walk<StableArray, T>(*this, size_); }
  [[nodiscard]] auto begin() const { return Walk<const StableArray, const T>(*this, 0); }
  [[nodiscard]] auto end() const { return Walk<const StableArray, const T>(*this, size_); }

 private:
  static constexpr size_t kHugePage = size_t{2} << 20;
  static constexpr size_t kSmall = 64;  // elements of the first chunk: few need no huge page
  static constexpr size_t kLarge = std::bit_floor(kHugePage / sizeof(T));

  struct Place {
    size_t chunk, offset;
  };
  static Place place_of(size_t index) {
    return index < kSmall ? Place{0, index}
                          : Place{(index - kSmall) / kLarge + 1, (index - kSmall) % kLarge};
  }
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };
  using Chunk = std::unique_ptr<T, Free>;
  static Chunk chunk_of(void* memory) {
    if (memory == nullptr) {
      throw std::bad_alloc();
    }
    return Chunk(static_cast<T*>(memory));
  }
  static Chunk small_chunk() { return chunk_of(std::malloc(kSmall * sizeof(T))); }
  static Chunk large_chunk() {
    Chunk chunk = chunk_of(std::aligned_alloc(kHugePage, kHugePage));
    ::madvise(chunk.get(), kHugePage, MADV_HUGEPAGE);  // a wish: without it all is as before
    return chunk;
  }

  std::vector<Chunk> chunks_;
  size_t size_ = 0;
};

}  // namespace tocsin
