// Preview: what a channel would send of one event, from sample facts. Nothing leaves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/channel.h"
#include "model/status.h"

namespace tocsin {

struct Preview {
  std::string subject, text, html;  // of a mail
  std::string body;                 // of a webhook, JSON
};

// Nothing when there is no sample of this event.
std::optional<Preview> preview_of(ChannelType type, EventType event);

// Events with a sample, in the order of their story.
std::vector<EventType> previewed_events();

}  // namespace tocsin
