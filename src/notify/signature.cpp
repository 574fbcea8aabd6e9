#include "notify/signature.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "notify/digest.h"

namespace tocsin {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr size_t kPlainSecretBytesMin = 24;  // 192 bits, the least that Standard Webhooks allows

}  // namespace

Result<std::string> webhook_key(std::string_view secret) {
  if (!secret.starts_with(kPrefix)) {
    if (secret.size() < kPlainSecretBytesMin) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("the webhook secret has {} bytes; write \"whsec_\" and base64, or a "
                              "text of at least {} bytes",
                              secret.size(), kPlainSecretBytesMin));
    }
    return std::string(secret);
  }
  std::string encoded(secret.substr(kPrefix.size()));
  // Some tools leave the padding out when they print a secret.
  encoded.append((4 - encoded.size() % 4) % 4, '=');
  Result<std::string> key = from_base64(encoded);
  if (!key || key->empty()) {
    return fail(ErrorKind::invalid_input,
                "the webhook secret has no base64 after \"whsec_\"; copy it again as a whole");
  }
  return key;
}

std::string webhook_timestamp(SystemTime at) {
  return fmt::format("{}", std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

std::string webhook_signature(std::string_view key, std::string_view id, std::string_view timestamp,
                              std::string_view body) {
  return "v1," + to_base64(hmac_sha256(key, fmt::format("{}.{}.{}", id, timestamp, body)));
}

}  // namespace tocsin
