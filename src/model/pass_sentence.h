// What a pass says in one sentence, where that follows from its response time: such a sentence need
// not be stored.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tocsin {

// Do not change the values, nor the sentences: they are on disk.
enum class PassForm : uint8_t { other = 0, connected = 1, answered = 2 };

// "Connected in 312 µs."; empty for `other`.
std::string pass_sentence(PassForm form, Duration response_time);
PassForm form_of_pass(std::string_view sentence, Duration response_time);

}  // namespace tocsin
