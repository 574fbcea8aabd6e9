// One ordinary story (Redis refuses, then comes back) told by each event type: what a preview shows
// and tests look at.
#pragma once

#include <string_view>

#include "notify/notice.h"

namespace tocsin::samples {

SystemTime at(std::string_view rfc3339);

NoticeFacts down();
NoticeFacts degraded();
NoticeFacts recovered();
NoticeFacts reminder();
NoticeFacts escalated();
NoticeFacts flapping();
NoticeFacts test();

}  // namespace tocsin::samples
