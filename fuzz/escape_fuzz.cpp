// Escapes: bytes shown read back to the same bytes; what a text of escapes and captures says is
// written to a text that says the same; hex and base64 too.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "core/send_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::string shown = escape_for_display(input);
  CHECK(is_valid_utf8(shown), "what is shown can be shown");
  CHECK(unescape(shown) == input, "and reads back");
  CHECK(from_hex(to_hex(input)) == input, "hex reads back");
  CHECK(from_base64(to_base64(input)) == input, "base64 reads back");

  const Result<std::string> bytes = unescape(input);
  CHECK(!bytes || bytes->size() <= input.size(), "an escape is no shorter than its byte");
  SendStep step;
  if (!add_send_text(input, step)) {
    return 0;
  }
  SendStep again;
  CHECK(add_send_text(send_text(step), again), "what is written can be read");
  CHECK(again == step, "and says the same");
  return 0;
}
