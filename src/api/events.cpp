// GET events: what changes, as it happens (docs/formats/events.md).
#include "api/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/event_stream.h"
#include "api/handlers.h"
#include "api/sse.h"

namespace tocsin {
namespace {

struct TopicName {
  std::string_view name;
  EventHub::Topic topic;
};
constexpr std::array kTopics = {TopicName{"monitor", EventHub::kMonitor},
                                TopicName{"incident", EventHub::kIncident},
                                TopicName{"alert", EventHub::kAlert}};

// "monitor,incident"; 0: there is another word in it, or none.
uint8_t read_topics(std::string_view text) {
  uint8_t topics = 0;
  while (true) {
    const size_t comma = text.find(',');
    const auto found = std::ranges::find(kTopics, text.substr(0, comma), &TopicName::name);
    if (found == kTopics.end()) {
      return 0;
    }
    topics = static_cast<uint8_t>(topics | found->topic);
    if (comma == std::string_view::npos) {
      return topics;
    }
    text.remove_prefix(comma + 1);
  }
}

Problem bad_topics() {
  return validation_failed({{.pointer = "?topics",
                             .code = "invalid_value",
                             .message = "topics is a list of monitor, incident and alert.",
                             .hint = "topics=monitor,incident"}});
}

// Who asked once is asked for again, by what the request carried.
std::function<bool()> still_allowed(ApiContext& api, const ApiRequest& request) {
  ApiRequest kept = request;
  kept.body.clear();
  return [&tokens = api.tokens, &clock = api.services.clock, kept = std::move(kept)] {
    const auto caller = tokens.identify(kept, clock.system_now());
    return caller && caller->scope >= Scope::read;
  };
}

}  // namespace

std::shared_ptr<EventDesk> make_event_desk(ApiContext& api, ChangeFeed& feed) {
  const auto start = fmt::format("{:x}", api.started.time_since_epoch().count());
  return std::make_shared<EventDesk>(
      feed, start,
      [&api](std::vector<MonitorUid> monitors, std::function<void(EventDesk::Views)> done) {
        Engine& engine = api.services.engine;
        auto chosen = std::make_shared<ChosenMonitors>(ChosenMonitors{std::move(monitors)});
        return engine.mailbox().offer([&engine, &loop = api.loop, chosen, done = std::move(done)] {
          const bool has_more = engine.read_on(*chosen);
          if (!has_more) {
            loop.post([done, chosen] { done(std::move(chosen->rows)); });
          }
          return has_more;
        });
      });
}

void get_events(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  uint8_t topics = EventHub::kAllTopics;
  if (const auto wanted = request.query_value("topics")) {
    topics = read_topics(*wanted);
  }
  if (topics == 0) {
    respond(problem_response(bad_topics(), request.request_id));
    return;
  }
  if (api.events == nullptr || api.events->is_full()) {
    respond(
        problem_response(too_busy("As many clients as allowed are watching."), request.request_id));
    return;
  }
  respond(
      {.headers = {{"X-Accel-Buffering", "no"}},  // nginx would hold events back to fill a buffer
       .content_type = std::string(kEventStreamType),
       .stream = std::make_shared<EventStream>(api.events, topics,
                                               std::string(request.header("last-event-id")),
                                               still_allowed(api, request))});
}

}  // namespace tocsin
