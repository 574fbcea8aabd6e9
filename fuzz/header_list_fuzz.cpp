// Request headers that are lists, and the id a client of events comes back with. Property: a name
// is found only where it stands; a word that cannot be there is not found; an id that is taken is
// one that was given; no list makes a client of a trusted proxy.
#include "api/client_address.h"
#include "api/event_hub.h"
#include "api/header_list.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CHECK(!tocsin::accepts_type(text, "text/event-stream") || size >= 17, "a name has its length");
  CHECK(!tocsin::accepts_gzip(text) || size >= 4, "a name has its length");
  const bool has_tag = text.find("\"tag\"") != std::string_view::npos;
  const bool has_star = text.find('*') != std::string_view::npos;
  CHECK(!tocsin::names_etag(text, "\"tag\"") || has_tag || has_star, "a tag is found where it is");
  tocsin::ApiRequest request;
  request.peer = {.ip = *tocsin::IpAddress::parse("127.0.0.1"), .port = 1};
  request.headers.emplace_back("x-forwarded-for", std::string(text) + ", 192.0.2.1");
  const tocsin::Cidr loopback = *tocsin::Cidr::parse("127.0.0.0/8");
  CHECK(client_address(request, {&loopback, 1}).ip.text() == "192.0.2.1",
        "who the proxy saw counts");
  request.headers.back().second = text;
  CHECK(client_address(request, {}).ip == request.peer.ip, "nobody is trusted");
  (void)client_address(request, {&loopback, 1});
  tocsin::EventHub hub("s");
  for (int i = 0; i < 9; ++i) {
    hub.add(tocsin::EventHub::kMonitor, "monitor", std::to_string(i), "{}", {});
  }
  if (const auto cursor = hub.resume(text, {})) {
    CHECK(*cursor <= hub.newest(), "an id of the future is not taken");
    CHECK(text.size() > 2 && text.starts_with("s-"), "nor one of another start");
  }
  return 0;
}
