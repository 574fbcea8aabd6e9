// The head of a request. Property: cut at any byte the verdict about a complete head stays; a fit
// head has one meaning (never both a length and chunks) and no bare line end.
#include "api/http_head.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tocsin::HeadScan;
  constexpr size_t kBytesMax = 4096;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const HeadScan whole = tocsin::scan_head(bytes, kBytesMax);
  const HeadScan half = tocsin::scan_head(bytes.substr(0, size / 2), kBytesMax);
  if (half.state != HeadScan::State::need_more) {
    CHECK(half.state == whole.state && half.bytes == whole.bytes, "more bytes change no verdict");
  }
  if (whole.state != HeadScan::State::complete) {
    return 0;
  }
  const std::string_view head = bytes.substr(0, whole.bytes);
  CHECK(head.ends_with("\r\n\r\n") && head.size() <= kBytesMax, "a head ends with an empty line");
  const auto judged = tocsin::judge_head(head);
  if (judged.refused.empty()) {
    CHECK(!(judged.facts.is_chunked && judged.facts.content_length), "one framing only");
    for (size_t i = 0; i < head.size(); ++i) {
      CHECK(head[i] != '\n' || (i > 0 && head[i - 1] == '\r'), "no bare line end");
    }
  }
  return 0;
}
