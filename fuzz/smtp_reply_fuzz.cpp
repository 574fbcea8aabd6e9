// Lines that an SMTP server answers with: whatever it says, what is shown of it is valid, bounded
// text, and a login or an acceptance needs its own code.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "notify/curl_reply.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kShownMax = 300;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  tocsin::SmtpReply reply;
  for (size_t at = 0; at < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', at), bytes.size() - 1);
    reply.on_line(bytes.substr(at, end + 1 - at));
    at = end + 1;
  }
  for (const std::string& shown : {reply.acceptance(), reply.refusal()}) {
    CHECK(shown.size() <= kShownMax && tocsin::is_valid_utf8(shown), "a shown line is fit to show");
    CHECK(shown.find('\n') == std::string::npos && shown.find('\r') == std::string::npos,
          "a shown line is one line");
  }
  CHECK(!reply.logged_in() || bytes.find("235") != std::string_view::npos, "235 is the login");
  CHECK(!reply.accepted() || bytes.find("354") != std::string_view::npos, "354 comes before it");
  CHECK((reply.refusal_code() == 0) == (reply.refusals() == 0), "a refusal has its code");
  reply.begin_mail();
  CHECK(reply.refusal_code() == 0 && reply.refusals() == 0, "none of them is about the mail");
  return 0;
}
