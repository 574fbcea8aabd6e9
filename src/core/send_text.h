// The text of a send as people write it: escapes (base/bytes.h), and {{name}} for what a group of
// an earlier expect took. \{ is a { that begins nothing.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/monitor.h"

namespace tocsin {

// Reads a part of a text and adds it to `step`. A bad escape, {{ without }}, or a name that no
// group can have: invalid_input.
Result<void> add_send_text(std::string_view text, SendStep& step);
// The text that reads back to the same step.
std::string send_text(const SendStep& step);

// Letters, digits and _, at most kGroupNameBytesMax bytes.
inline constexpr size_t kGroupNameBytesMax = 64;
bool is_group_name(std::string_view name);

}  // namespace tocsin
