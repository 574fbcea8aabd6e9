#include "notify/email/payload.h"

#include <fmt/format.h>

#include "notify/email/address.h"
#include "notify/email/headers.h"
#include "notify/email/html.h"
#include "notify/email/quoted_printable.h"
#include "notify/safe_text.h"

namespace tocsin {
namespace {

// Of one channel; half of what every SMTP server must take (RFC 5321 4.5.3.1.8).
constexpr size_t kRecipientsMax = 50;

Error in_channel(const Channel& channel, std::string_view problem) {
  return {ErrorKind::invalid_input,
          fmt::format("channel \"{}\": {}", shown_line(channel.id, 100), problem)};
}

Result<std::vector<MailAddress>> recipients(const Channel& channel) {
  if (channel.to.empty() || channel.to.size() > kRecipientsMax) {
    return std::unexpected(
        in_channel(channel, fmt::format("it has {} receivers; write 1 to {} under \"to\"",
                                        channel.to.size(), kRecipientsMax)));
  }
  std::vector<MailAddress> addresses;
  for (const std::string& text : channel.to) {
    Result<MailAddress> address = MailAddress::parse(text);
    if (!address) {
      return std::unexpected(in_channel(channel, address.error().message));
    }
    addresses.push_back(std::move(*address));
  }
  return addresses;
}

MailHeaders headers(const Delivery& delivery, const NoticeFacts& facts, const MailAddress& from,
                    const std::vector<MailAddress>& to, std::string_view boundary) {
  MailHeaders block;
  block.date(MailHeader::date, facts.event.at);
  block.addresses(MailHeader::from, {&from, 1});
  block.addresses(MailHeader::to, to);
  block.text(MailHeader::subject, notice_title(facts));
  block.message_id(MailHeader::message_id, delivery.key, from);
  if (!facts.event.incident.value.empty()) {
    // The thread's root is never sent: every mail of the incident answers it, whichever arrives
    // first.
    block.message_id(MailHeader::in_reply_to, delivery.incident_key, from);
    block.message_id(MailHeader::references, delivery.incident_key, from);
  }
  block.fixed(MailHeader::auto_submitted, "auto-generated");
  block.fixed(MailHeader::mime_version, "1.0");
  block.fixed(MailHeader::content_type,
              fmt::format("multipart/alternative; boundary=\"{}\"", boundary));
  return block;
}

std::string part(std::string_view boundary, std::string_view type, std::string_view text) {
  return fmt::format(
      "--{}\r\nContent-Type: {}; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
      "\r\n{}\r\n",
      boundary, type, quoted_printable(text));
}

}  // namespace

Result<MailMessage> email_message(const Channel& channel, const Delivery& delivery,
                                  const NoticeFacts& facts) {
  if (channel.smtp.host.empty()) {
    return std::unexpected(in_channel(channel, "it has no SMTP host"));
  }
  const Result<MailAddress> from = MailAddress::parse(channel.from);
  if (!from) {
    return std::unexpected(in_channel(channel, from.error().message));
  }
  const Result<std::vector<MailAddress>> to = recipients(channel);
  if (!to) {
    return std::unexpected(to.error());
  }
  // Quoted-printable never writes "=_", so no text can hold this line.
  constexpr std::string_view kBoundary = "=_tocsin_part";
  MailMessage message{.smtp = channel.smtp, .from = from->address, .to = {}, .content = {}};
  for (const MailAddress& address : *to) {
    message.to.push_back(address.address);
  }
  message.content =
      fmt::format("{}\r\n{}{}--{}--\r\n", headers(delivery, facts, *from, *to, kBoundary).block(),
                  part(kBoundary, "text/plain", notice_text(facts)),
                  part(kBoundary, "text/html", notice_html(facts)), kBoundary);
  return message;
}

}  // namespace tocsin
