// What a receiver's answer means for a delivery: done, again later, or never. Pure tables;
// product.md "Delivery".
#pragma once

#include <optional>
#include <string_view>

#include "ports/sender.h"

namespace tocsin {

// By status of HTTP. Almost every refusal is tried again: within the three days of the back-off
// somebody repairs a wrong URL, a lost permission or a full server. Final are only 410 (the
// receiver says that it is gone for good) and 413 (this message will not shrink).
SendOutcome::Kind http_outcome(long status);

// By reply code of SMTP. 4xx may pass, 5xx will not; but refused credentials (530, 534, 535, 538)
// are a setting that gets repaired.
SendOutcome::Kind smtp_outcome(long code);

// Retry-After of RFC 9110 10.2.3: seconds or an HTTP date, at most kRetryAfterMax. Nothing when it
// is neither or lies in the past.
std::optional<Duration> parse_retry_after(std::string_view value, SystemTime now);

}  // namespace tocsin
