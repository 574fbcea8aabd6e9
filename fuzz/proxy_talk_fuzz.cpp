// The words to a proxy: whatever it says, the talk ends at most once, means the same however its
// bytes were cut, takes no more bytes than were given, and no error repeats the password.
//
// The first byte chooses the proxy, the rest is what it says.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "probe/proxy_talk.h"

namespace {

using namespace tocsin;

constexpr std::string_view kPassword = "s3cret-w0rd";
constexpr std::array<std::string_view, 4> kProxies = {
    "socks5://proxy:1080", "socks5://probe:s3cret-w0rd@proxy:1080", "http://proxy:8080",
    "http://probe:s3cret-w0rd@proxy:8080"};

struct End {
  std::string said;
  bool is_through = false;
  std::optional<ProbeError> error;
  size_t used = 0;
  bool operator==(const End&) const = default;
};

End talk(std::string_view proxy, std::string_view bytes, size_t cut) {
  const auto talk =
      ProxyTalk::make(parse_proxy(proxy).value(), Target::parse("db.example.com:5432").value());
  End end{.said = talk->start(), .is_through = false, .error = {}, .used = 0};
  while (!bytes.empty() && !end.is_through && !end.error) {
    const std::string_view piece = bytes.substr(0, cut);
    ProxyTalk::Step step = talk->on_bytes(piece);
    CHECK(step.used <= piece.size(), "no more is used than was given");
    CHECK(step.is_through || step.error || step.used == piece.size(), "all of it, until the end");
    CHECK(!(step.is_through && step.error), "it ends in one way");
    end.said += step.send;
    end.is_through = step.is_through;
    end.error = std::move(step.error);
    end.used += step.used;
    bytes.remove_prefix(piece.size());
  }
  return end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 64'000) {
    return 0;
  }
  const std::string_view proxy = kProxies[data[0] % kProxies.size()];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const End whole = talk(proxy, bytes, SIZE_MAX);
  CHECK(whole == talk(proxy, bytes, 1), "it means the same cut at every byte");
  CHECK(whole == talk(proxy, bytes, 1 + size / 2), "and cut in the middle");
  if (whole.error) {
    CHECK(whole.error->phase == Phase::connect, "a refusal belongs to phase connect");
    // What it says by chance where none was given is no secret.
    CHECK(!proxy.contains(kPassword) || !whole.error->detail.contains(kPassword),
          "no password is repeated");
  }
  return 0;
}
