#include "engine/telling.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "core/evaluate.h"
#include "notify/message.h"
#include "notify/notice.h"

namespace tocsin {
namespace {

constexpr size_t kExcerptBytesMax = 300;

NoticeFacts facts_of(const AlertEvent& event, const MonitorEntry& entry,
                     const std::string& public_url, bool store_volatile) {
  const Monitor& monitor = *entry.definition;
  NoticeFacts facts;
  facts.event = event;
  facts.monitor_id = monitor.id;
  facts.monitor_name = monitor.name;
  facts.target = monitor.target.text();
  facts.project = monitor.project;
  facts.runbook = monitor.runbook;
  facts.description = monitor.description;
  facts.tags = monitor.tags;
  facts.store_volatile = store_volatile;
  if (!event.incident.value.empty()) {
    facts.incident_url = public_url + "/incidents/" + event.incident.value;
  }
  if (event.type == EventType::recovered && event.began) {
    facts.down_for = event.at - *event.began;
  }
  if (const std::optional<Attempt> last = entry.last.get(entry.uid)) {
    const ProbeResult& result = last->result;
    facts.response_time = result.response_time;
    facts.phases = result.phases;
    facts.received_excerpt = escape_for_display(result.received, kExcerptBytesMax);
  }
  if (entry.looked_into && !entry.looked_into->is_over) {
    facts.evidence = entry.looked_into->summary;
  }
  if (event.error) {
    facts.error_sentence = error_text(*event.error);
  }
  return facts;
}

// Why this channel is not told of this event; empty: it is.
std::string silent_reason(const AlertEvent& event, const Channel* channel,
                          const std::string& name) {
  if (!event.suppressed.empty()) {
    return event.suppressed;
  }
  if (channel == nullptr) {
    return "channel \"" + name + "\" does not exist";
  }
  if (event.type != EventType::test &&
      std::ranges::find(channel->send, event.type) == channel->send.end()) {
    return "channel \"" + name + "\" does not send " + std::string(event_type_name(event.type));
  }
  return {};
}

}  // namespace

std::vector<Delivery> deliveries_of(const AlertEvent& event, const MonitorEntry& entry,
                                    const std::map<std::string, Channel>& channels,
                                    const std::string& public_url, bool store_volatile,
                                    SystemTime now) {
  std::vector<Delivery> result;
  const std::string payload = to_json(facts_of(event, entry, public_url, store_volatile));
  for (const std::string& name :
       event.channels.empty() ? entry.definition->channels : event.channels) {
    const auto channel = channels.find(name);
    Delivery delivery;
    delivery.key = delivery_key(event.incident, event.number, name);
    delivery.incident_key = incident_key(event.incident, name);
    delivery.channel = name;
    delivery.event = event;
    delivery.payload = payload;
    delivery.created = now;
    delivery.next_attempt = now;
    std::string reason =
        silent_reason(event, channel == channels.end() ? nullptr : &channel->second, name);
    if (!reason.empty()) {
      delivery.state = DeliveryState::suppressed;
      delivery.last_result = std::move(reason);
      delivery.finished = now;
    }
    result.push_back(std::move(delivery));
  }
  return result;
}

}  // namespace tocsin
