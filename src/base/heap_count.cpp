#include "base/heap_count.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

constexpr size_t kBlockHead = 8;  // glibc's, before each block
std::atomic<size_t> bytes_held, allocations_made;

void* counted(void* block) {
  if (block == nullptr) {
    std::abort();
  }
  bytes_held += ::malloc_usable_size(block) + kBlockHead;
  ++allocations_made;
  return block;
}

void give_back(void* block) {
  if (block != nullptr) {
    bytes_held -= ::malloc_usable_size(block) + kBlockHead;
    std::free(block);
  }
}

}  // namespace

void* operator new(size_t size) { return counted(std::malloc(size)); }
void* operator new(size_t size, std::align_val_t align) {
  return counted(std::aligned_alloc(static_cast<size_t>(align), size));
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, size_t) noexcept { give_back(block); }
void operator delete(void* block, std::align_val_t) noexcept { give_back(block); }
void operator delete(void* block, size_t, std::align_val_t) noexcept { give_back(block); }

namespace tocsin {

size_t heap_bytes() { return bytes_held; }
size_t heap_allocations() { return allocations_made; }

}  // namespace tocsin
