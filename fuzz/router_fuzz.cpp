// The request target and the route table. Property: what is accepted, encoded again, is read as the
// same parts; every answer is a route or a 4xx; an id with any character reaches its handler as it
// was.
#include "api/router.h"
#include "api/url.h"
#include "base/bytes.h"
#include "base/check.h"

namespace {

void nothing(tocsin::ApiContext&, const tocsin::ApiRequest&, const tocsin::Respond&) {}

const std::vector<tocsin::Route>& routes() {
  static const std::vector<tocsin::Route> table = {
      {"GET", "/api/v1/monitors", tocsin::Scope::read, {"limit", "cursor"}, nothing},
      {"GET", "/api/v1/monitors/{id}", tocsin::Scope::read, {}, nothing},
      {"GET", "/api/v1/monitors/{id}/results", tocsin::Scope::read, {"limit"}, nothing},
      {"POST", "/api/v1/probe", tocsin::Scope::write, {}, nothing},
      {"GET", "/", tocsin::Scope::none, {}, nothing},
  };
  return table;
}

std::string encoded(const tocsin::UrlParts& parts) {
  std::string target;
  for (const std::string& segment : parts.segments) {
    target += "/" + tocsin::percent_encode(segment);
  }
  target = target.empty() ? "/" : target;
  char separator = '?';
  for (const auto& [name, value] : parts.query) {
    target += separator + tocsin::percent_encode(name) + "=" + tocsin::percent_encode(value);
    separator = '&';
  }
  return target;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string target(reinterpret_cast<const char*>(data), size);
  const auto parts = tocsin::read_target(target);
  if (parts) {
    const std::string again = encoded(*parts);
    if (again.size() <= tocsin::kTargetBytesMax) {
      const auto same = tocsin::read_target(again);
      CHECK(same && same->segments == parts->segments && same->query == parts->query,
            "encoded again it is the same");
    }
    for (const std::string& segment : parts->segments) {
      CHECK(tocsin::is_valid_utf8(segment) && segment.find('\0') == std::string::npos,
            "segments are text");
    }
  }
  tocsin::ApiRequest request{.method = "GET", .target = target};
  const auto found = tocsin::find_route(routes(), request);
  if (const auto* problem = std::get_if<tocsin::Problem>(&found)) {
    CHECK(problem->status >= 400 && problem->status < 500, "a refusal is the caller's matter");
  } else {
    for (const std::string& capture : request.captures) {
      CHECK(!capture.empty(), "braces match something");
    }
  }
  return 0;
}
