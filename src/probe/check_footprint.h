// For tests and benchmarks: what plain checks take of the heap, counted (base/heap_count.h) by a
// prober on a network that does as told.
#pragma once

#include <cstddef>

namespace tocsin {

// Of each of `checks` that wait for their connection, its slot, its timers and what the allocator
// needs included; not what the backend of the network has of it.
size_t bytes_of_a_check_under_way(size_t checks);
// Of so many that pass one after the other.
size_t allocations_of_passes(size_t checks);

}  // namespace tocsin
