// What the certificates of a peer say, as text that is safe to show: whoever runs the server chose
// every byte of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tocsin {

struct Certificate {
  std::string subject, issuer;
  std::string key;  // "RSA 2048", "EC prime256v1", "ED25519"; empty: of a kind unknown here
  SystemTime not_before{}, not_after{};
  bool operator==(const Certificate&) const = default;
};

// What the OCSP answer says that the server brought along (RFC 6066 8, RFC 6960).
struct OcspStaple {
  // Do not change the values: they are on disk. `unusable`: not an answer about this certificate,
  // or not signed by who may say so, or of another time than now.
  enum class Says : uint8_t { none = 0, good = 1, revoked = 2, unknown = 3, unusable = 4 };
  Says says = Says::none;
  SystemTime this_update{}, next_update{};  // epoch: not told
  SystemTime revoked_at{};
  bool operator==(const OcspStaple&) const = default;
};
std::string_view staple_name(OcspStaple::Says says);  // "none", "good", ...

}  // namespace tocsin
