#include "core/step_text.h"

#include <fmt/format.h>

#include "core/expecting.h"

namespace tocsin {

std::string step_text(const Step& step) {
  if (const auto* const send = std::get_if<SendStep>(&step)) {
    const size_t bytes = send->bytes.size();
    return fmt::format("send {} byte{}{}", bytes, bytes == 1 ? "" : "s",
                       send->captures.empty() ? "" : " and what was captured");
  }
  return is_expect(step) ? fmt::format("expect {}", expecting(step, false).shown())
                         : std::string("starttls");
}

}  // namespace tocsin
