// A step of a request in a few words, for people: `send 6 bytes`, `expect /^220/`, `starttls`.
#pragma once

#include <string>

#include "model/monitor.h"

namespace tocsin {

// Safe to show; what is sent is counted, not told.
std::string step_text(const Step& step);

}  // namespace tocsin
