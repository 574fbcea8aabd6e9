// A proxy as people write it: what is shown of it reads back to the same place, and neither that
// nor a mistake shows the password.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "model/proxy.h"

using namespace tocsin;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Proxy> proxy = parse_proxy(text);
  if (!proxy) {
    CHECK(proxy.error().message.size() < 300, "a mistake is told without the text");
    return 0;
  }
  CHECK(!proxy->at.is_unix(), "a proxy has a host and a port");
  const Result<Proxy> again = parse_proxy(proxy_text(*proxy));
  CHECK(again && is_same_place(*again, *proxy), "what is shown reads back to the same place");
  CHECK(again->password.reveal() == (proxy->password.empty() ? "" : kHiddenPassword),
        "and has no password");
  return 0;
}
