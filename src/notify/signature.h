// Signature of Standard Webhooks (standardwebhooks.com, version 1): v1,base64(HMAC-SHA256(key,
// id.timestamp.body)). The id is the same over retries, the timestamp is that of the attempt, so a
// receiver can refuse old and doubled messages.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace tocsin {

// Bytes of the key that `secret` names: base64 after "whsec_", else the text itself, which must
// have at least 24 bytes. invalid_input else; the message never shows the secret.
Result<std::string> webhook_key(std::string_view secret);

// Value of the header webhook-timestamp: whole seconds since 1970.
std::string webhook_timestamp(SystemTime at);

// Value of the header webhook-signature.
std::string webhook_signature(std::string_view key, std::string_view id, std::string_view timestamp,
                              std::string_view body);

}  // namespace tocsin
