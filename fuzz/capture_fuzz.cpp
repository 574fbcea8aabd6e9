// Captures: the first line is the regular expression of an expect, the second the text of the send
// behind it, all else is what a peer says. What is sent, and how it ends, is the same however the
// bytes were cut.
#include <cstddef>
#include <cstdint>

#include "core/pattern.h"
#include "core/request_check.h"
#include "core/send_text.h"
#include "talk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  std::string input(reinterpret_cast<const char*>(data), size);
  const std::string pattern = take_line(input);
  const std::string text = take_line(input);
  SendStep send;
  if (pattern.empty() || !Pattern::compile(pattern) || !add_send_text(text, send)) {
    return 0;
  }
  Monitor monitor;
  monitor.request = {ExpectStep{pattern, true, {}}, send, ExpectStep{"\n", false, {}}};
  if (find_request_fault(monitor.request)) {
    return 0;
  }
  for (const bool closes : {false, true}) {
    const TalkEnd whole = talk_in_pieces(monitor, input, SIZE_MAX, closes);
    CHECK(talk_in_pieces(monitor, input, 1, closes) == whole, "byte by byte it is the same");
    CHECK(talk_in_pieces(monitor, input, 5, closes) == whole, "in pieces it is the same");
  }
  return 0;
}
