#include "notify/preview.h"

#include <algorithm>
#include <array>

#include "notify/email/html.h"
#include "notify/notice.h"
#include "notify/sample_facts.h"
#include "notify/webhook/payload.h"

namespace tocsin {
namespace {

struct Sample {
  EventType event;
  NoticeFacts (*facts)();
};
constexpr std::array kSamples = {Sample{EventType::down, samples::down},
                                 Sample{EventType::degraded, samples::degraded},
                                 Sample{EventType::reminder, samples::reminder},
                                 Sample{EventType::escalated, samples::escalated},
                                 Sample{EventType::recovered, samples::recovered},
                                 Sample{EventType::flapping, samples::flapping},
                                 Sample{EventType::test, samples::test}};

}  // namespace

std::optional<Preview> preview_of(ChannelType type, EventType event) {
  const auto* const sample = std::ranges::find(kSamples, event, &Sample::event);
  if (sample == kSamples.end()) {
    return std::nullopt;
  }
  const NoticeFacts facts = sample->facts();
  if (type == ChannelType::webhook) {
    return Preview{.body = webhook_body(facts)};
  }
  return Preview{
      .subject = notice_title(facts), .text = notice_text(facts), .html = notice_html(facts)};
}

std::vector<EventType> previewed_events() {
  std::vector<EventType> events;
  events.reserve(kSamples.size());
  for (const Sample& sample : kSamples) {
    events.push_back(sample.event);
  }
  return events;
}

}  // namespace tocsin
