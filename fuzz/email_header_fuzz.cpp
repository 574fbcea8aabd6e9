// Mail headers: whatever a subject, a name or an address holds, the block has the headers we added
// and no others, in CRLF lines of printable ASCII that are not too long.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "notify/email/headers.h"

namespace {

constexpr size_t kLineBytesMax = 998;  // RFC 5322 2.1.1

// Headers in the block; checks each line on the way.
int count_headers(std::string_view block) {
  int headers = 0;
  while (!block.empty()) {
    const size_t end = block.find("\r\n");
    CHECK(end != std::string_view::npos, "the last line ends in CRLF");
    const std::string_view line = block.substr(0, end);
    CHECK(!line.empty() && line.size() <= kLineBytesMax, "no empty line and no overlong one");
    for (const char c : line) {
      CHECK(c >= ' ' && c <= '~', "printable ASCII only, no bare CR or LF");
    }
    headers += line.front() == ' ' ? 0 : 1;
    block.remove_prefix(end + 2);
  }
  return headers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  tocsin::MailHeaders headers;
  headers.text(tocsin::MailHeader::subject, input);
  int expected = 1;
  const auto from = tocsin::MailAddress::parse("tocsin@example.org");
  headers.message_id(tocsin::MailHeader::message_id, input.substr(0, 200), *from);
  ++expected;
  if (const auto address = tocsin::MailAddress::parse(input)) {
    headers.addresses(tocsin::MailHeader::to, std::vector{*address, *from});
    headers.message_id(tocsin::MailHeader::references, "key", *address);
    expected += 2;
  }
  CHECK(count_headers(headers.block()) == expected, "the block has our headers and no others");
  return 0;
}
