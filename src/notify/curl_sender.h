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

struct CurlSenderSettings {
  std::chrono::milliseconds connect_timeout = 5s;  // name, TCP and TLS
  std::chrono::milliseconds total_timeout =
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
