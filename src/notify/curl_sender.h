// Sender on libcurl multi, on a thread of its own. http, https, smtp, smtps only; no redirects (3xx = failure); every connect passes the
// reach gate in the socket-open hook; reply bodies are cut at kDeliveryReplyBytesMax.
#pragma once

#include <memory>

#include "base/result.h"
#include "ports/mailbox.h"
#include "ports/reach.h"
#include "ports/sender.h"

namespace tocsin {

// Outcomes come through `mailbox`. The destructor ends running transfers without outcomes (they are repeated after a restart).
Result<std::unique_ptr<Sender>> make_curl_sender(Mailbox& mailbox, const ReachPolicy& reach);

}  // namespace tocsin
