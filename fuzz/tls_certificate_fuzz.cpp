// The facts of a certificate: whatever a server puts into it, what we keep is bounded and safe to
// show: no control byte, valid UTF-8, and unescape reads it back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "probe/certificate_facts.h"

namespace {

using namespace tocsin;

constexpr size_t kEscapedByteMax = 4;  // \xHH
constexpr size_t kEllipsis = 3;        // of a text that was cut

void check_text(const std::string& text, size_t bytes_max) {
  CHECK(text.size() <= kEscapedByteMax * bytes_max + kEllipsis, "a text is bounded");
  CHECK(is_valid_utf8(text), "a text is UTF-8");
  CHECK(std::ranges::none_of(
            text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }),
        "a text has no control characters");
  CHECK(unescape(text).has_value(), "a text can be read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto facts = facts_of_der({reinterpret_cast<const char*>(data), size});
  if (!facts) {
    return 0;
  }
  check_text(facts->subject, kCertificateSubjectBytesMax);
  check_text(facts->issuer, kCertificateSubjectBytesMax);
  CHECK(facts->names.size() <= kCertificateNamesMax, "names are bounded");
  for (const std::string& name : facts->names) {
    CHECK(!name.empty(), "an empty name is none");
    check_text(name, kCertificateNameBytesMax);
  }
  return 0;
}
