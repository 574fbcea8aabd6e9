// Stored notices: any bytes either are refused or make facts that survive writing and reading
// again, whose text is printable lines and whose webhook body is not empty.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "notify/email/html.h"
#include "notify/notice.h"
#include "notify/webhook/payload.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read =
      tocsin::notice_from_json(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read) {
    return 0;
  }
  const std::string written = tocsin::to_json(*read);
  const auto again = tocsin::notice_from_json(written);
  CHECK(again.has_value() || written.size() > size, "what was written can be read");
  CHECK(!again || tocsin::to_json(*again) == written, "reading and writing is stable");
  const std::string text = tocsin::notice_text(*read);
  for (const char c : text) {
    CHECK(c == '\n' || static_cast<unsigned char>(c) >= 0x20, "a notice is printable lines");
  }
  CHECK(tocsin::is_valid_utf8(text), "a notice is UTF-8");
  CHECK(tocsin::notice_title(*read).find('\n') == std::string::npos, "a title is one line");
  CHECK(!tocsin::notice_html(*read).empty() && !tocsin::webhook_body(*read).empty(),
        "every notice can be sent");
  return 0;
}
