// StableArray: elements that are only ever added and never move. They lie in chunks of some 2 MiB,
// which the system is asked to back with huge pages: what is looked at in no order, once each
// second or minute, would else cost a walk through the page tables each time.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
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
  static constexpr size_t kLarge = kHugePage / sizeof(T);

  struct Place {
    size_t chunk, offset;
  };
  static Place place_of(size_t index) {
    return index < kSmall ? Place{0, index}
                          : Place{(index - kSmall) / kLarge + 1, (index - kSmall) % kLarge};
  }
  struct Unmap {
    size_t bytes = 0;
    void operator()(T* memory) const { ::munmap(memory, bytes); }
  };
  using Chunk = std::unique_ptr<T, Unmap>;
  static std::byte* map(size_t bytes) {
    void* const memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      throw std::bad_alloc();
    }
    return static_cast<std::byte*>(memory);
  }
  static Chunk small_chunk() {
    const size_t bytes = kSmall * sizeof(T);
    return Chunk(reinterpret_cast<T*>(map(bytes)), Unmap{bytes});
  }
  // A huge page lies at a multiple of its size: what is mapped too much for that is given back.
  static Chunk large_chunk() {
    std::byte* const memory = map(2 * kHugePage);
    const size_t before = -reinterpret_cast<uintptr_t>(memory) % kHugePage;
    if (before > 0) {
      ::munmap(memory, before);
    }
    std::byte* const begin = memory + before;
    ::munmap(begin + kHugePage, kHugePage - before);
    ::madvise(begin, kHugePage, MADV_HUGEPAGE);  // a wish: without it all is as before
    return Chunk(reinterpret_cast<T*>(begin), Unmap{kHugePage});
  }

  std::vector<Chunk> chunks_;
  size_t size_ = 0;
};

}  // namespace tocsin
