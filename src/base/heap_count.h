// For tests and benchmarks: operators new and delete that count, in every program that links them.
#pragma once

#include <cstddef>

namespace tocsin {

// Of all threads: held now, with what the allocator itself needs for each block.
size_t heap_bytes();
// Ever made.
size_t heap_allocations();

}  // namespace tocsin
