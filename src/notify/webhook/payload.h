// Webhook: one JSON body for each event, signed by Standard Webhooks. The body's form is in
// docs/formats/webhook.md; receivers rely on it, so fields are only ever added.
#pragma once

#include <string>

#include "base/result.h"
#include "model/channel.h"
#include "model/delivery.h"
#include "notify/notice.h"
#include "ports/sender.h"

namespace tocsin {

std::string webhook_body(const NoticeFacts& facts);

// The signed request. webhook-id is the delivery's key and stays over retries; webhook-timestamp is
// `now`, that of this attempt. Headers of the channel come after ours; those that sign or frame the
// message are ours alone and passed over. invalid_input: a secret that is no key, a header that
// cannot be sent, no URL.
Result<HttpMessage> webhook_message(const Channel& channel, const Delivery& delivery,
                                    const NoticeFacts& facts, SystemTime now);

}  // namespace tocsin
