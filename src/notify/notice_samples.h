// Notices and channels for tests: the story of sample_facts.h, and a notice with hostile names.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/channel.h"
#include "model/delivery.h"
#include "notify/notice.h"
#include "notify/sample_facts.h"

namespace tocsin::samples {

// Line ends, markup, quotes, bidi controls and invalid UTF-8 wherever a stranger can write.
NoticeFacts hostile();
// Down, while the disk is full.
NoticeFacts store_volatile();

// All of the above with the names of their golden files.
std::vector<std::pair<std::string, NoticeFacts>> all();

Channel webhook();
Channel email();
Delivery delivery(const NoticeFacts& facts, const Channel& channel);

}  // namespace tocsin::samples
