// Feeding: what goes to the store is what changed, so the feed is told from the same batch: rows at
// once, incidents and deliveries when they are durable. A change that some command of tomorrow
// makes is told without a line of its own.
#pragma once

#include <functional>

#include "ports/feed.h"
#include "store/store.h"

namespace tocsin {

// Before `batch` is submitted. The result runs once it is durable, or held in memory by a store in
// trouble; empty when there is nothing more to tell.
std::function<void()> feed_batch(Feed& feed, const WriteBatch& batch);

}  // namespace tocsin
