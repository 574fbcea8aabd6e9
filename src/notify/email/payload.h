// E-mail: one message for each event, plain text with an HTML alternative. All mails of an incident
// form one thread. A repeat is the same message, byte for byte, under the same Message-ID, so a
// mail server may drop the second.
#pragma once

#include "base/result.h"
#include "model/channel.h"
#include "model/delivery.h"
#include "notify/notice.h"
#include "ports/sender.h"

namespace tocsin {

// invalid_input: no receiver, an address that is none, no SMTP host.
Result<MailMessage> email_message(const Channel& channel, const Delivery& delivery,
                                  const NoticeFacts& facts);

}  // namespace tocsin
