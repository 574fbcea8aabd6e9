// Sender on libcurl multi, on a thread of its own. http, https, smtp, smtps only; no redirects (3xx
// = failure); every connect passes the reach gate in the socket-open hook; reply bodies are cut at
// kDeliveryReplyBytesMax; proxies named in the environment are not used.
#pragma once

#include <memory>

#include "base/limits.h"
#include "base/result.h"
#include "ports/mailbox.h"
#include "ports/reach.h"
#include "ports/sender.h"

namespace tocsin {

struct TransferLimits {
  std::chrono::milliseconds connect;  // name, TCP and TLS; of mail also greeting and login
  std::chrono::milliseconds total;
};

struct CurlSenderSettings {
  TransferLimits http = {
      .connect = 5s,
      .total = std::chrono::duration_cast<std::chrono::milliseconds>(kDeliveryTimeout)};
  // A mail server may think long before its greeting (postscreen, greet_pause), and after the final
  // dot while it filters: whoever hangs up then has the same mail delivered again (RFC 5321
  // 4.5.3.2).
  TransferLimits mail = {
      .connect = 2min,
      .total = std::chrono::duration_cast<std::chrono::milliseconds>(kMailTimeout)};
  // A message that has waited so long for its turn comes back as `retry`.
  std::chrono::milliseconds patience =
      std::chrono::duration_cast<std::chrono::milliseconds>(kDeliveryTimeout);
  size_t transfers_max = 256;  // at once; each is one socket
  size_t waiting_max =
      10'000;  // messages held inside; beyond that a message comes back at once as `retry`, "busy"
};

// Outcomes come through `mailbox`. The destructor ends running transfers without outcomes (they are
// repeated after a restart).
Result<std::unique_ptr<Sender>> make_curl_sender(Mailbox& mailbox, const ReachPolicy& reach,
                                                 CurlSenderSettings settings = {});

}  // namespace tocsin
