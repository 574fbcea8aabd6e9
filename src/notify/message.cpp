#include "notify/message.h"

#include <fmt/format.h>

#include "notify/digest.h"
#include "notify/email/payload.h"
#include "notify/notice.h"
#include "notify/webhook/payload.h"

namespace tocsin {
namespace {

template <class Message>
Result<OutgoingMessage> outgoing(Result<Message> message) {
  if (!message) {
    return std::unexpected(std::move(message.error()));
  }
  return OutgoingMessage(std::move(*message));
}

}  // namespace

// A line feed stands in no id, so different parts never join to the same text. Do not change:
// receivers drop doubles by these keys.
std::string delivery_key(const IncidentId& incident, uint32_t event_number,
                         std::string_view channel) {
  return sha256_hex(fmt::format("{}\n{}\n{}", incident.value, event_number, channel));
}

std::string incident_key(const IncidentId& incident, std::string_view channel) {
  return sha256_hex(fmt::format("{}\n{}", incident.value, channel));
}

Result<OutgoingMessage> make_message(const Channel& channel, const Delivery& delivery,
                                     SystemTime now) {
  const Result<NoticeFacts> facts = notice_from_json(delivery.payload);
  if (!facts) {
    return std::unexpected(facts.error());
  }
  switch (channel.type) {
    case ChannelType::webhook:
      return outgoing(webhook_message(channel, delivery, *facts, now));
    case ChannelType::email:
      return outgoing(email_message(channel, delivery, *facts));
  }
  return fail(
      ErrorKind::invalid_input,
      fmt::format("channel \"{}\" is of a type that this version does not know", channel.id));
}

}  // namespace tocsin
