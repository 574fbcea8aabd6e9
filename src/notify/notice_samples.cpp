#include "notify/notice_samples.h"

#include "notify/message.h"

namespace tocsin::samples {

NoticeFacts hostile() {
  NoticeFacts facts = down();
  facts.monitor_id = "evil\r\nBcc: everyone@example.org";
  facts.monitor_name =
      "Kasse \xF0\x9F\x94\xA5 \"it's\" <script>alert(1)</script>\r\nBcc: "
      "everyone@example.org\r\n\r\n"
      "=?UTF-8?B?aGFjaw==?= \xE2\x80\xAEgnp.exe\xE2\x80\xAC {{name}} @everyone <!channel>\xFF";
  facts.target = "evil\".example.org\n:80";
  facts.project = "</td></table><img src=x onerror=alert(1)>";
  facts.tags = {"a\nb", "<b>", "\xC0\xAF", ".\r\n.\r\nMAIL FROM:<x@example.org>"};
  facts.event.error->detail = "\x1B[2J\x07";
  facts.error_sentence = "The banner said \"220 \x1B[31mred\r\n354 go\" & more.";
  facts.event.reason = ".\r\nQUIT\r\n--=_tocsin_part--\r\n";
  facts.incident_url = "javascript:alert(1)";
  facts.runbook = "1. ring <b>Anna</b>\r\n2. restart \xF0\x9F\x99\x82\n\n--=_tocsin_part--";
  facts.description = "https://example.org/\" onclick=\"alert(1)";
  facts.received_excerpt = "220 \\x1b[31m <ready> \\r\\n";
  return facts;
}

NoticeFacts store_volatile() {
  NoticeFacts facts = down();
  facts.store_volatile = true;
  return facts;
}

std::vector<std::pair<std::string, NoticeFacts>> all() {
  return {
      {"down", down()},         {"degraded", degraded()},   {"recovered", recovered()},
      {"reminder", reminder()}, {"escalated", escalated()}, {"flapping", flapping()},
      {"test", test()},         {"hostile", hostile()},     {"store_volatile", store_volatile()}};
}

Channel webhook() {
  Channel channel;
  channel.id = "hook";
  channel.type = ChannelType::webhook;
  channel.url = Secret("http://user:topsecret@127.0.0.1:9/alerts?token=topsecret");
  channel.secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  return channel;
}

Channel email() {
  Channel channel;
  channel.id = "mail";
  channel.type = ChannelType::email;
  channel.from = "Tocsin Alarm <tocsin@example.org>";
  channel.to = {"ops@example.org", "Zoë <zoe@example.org>"};
  channel.smtp.host = "127.0.0.1";
  return channel;
}

Delivery delivery(const NoticeFacts& facts, const Channel& channel) {
  Delivery made;
  made.key = delivery_key(facts.event.incident, facts.event.number, channel.id);
  made.incident_key = incident_key(facts.event.incident, channel.id);
  made.channel = channel.id;
  made.event = facts.event;
  made.payload = to_json(facts);
  made.created = facts.event.at;
  made.next_attempt = facts.event.at;
  return made;
}

}  // namespace tocsin::samples
