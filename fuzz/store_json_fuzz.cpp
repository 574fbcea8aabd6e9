// Bytes as they might stand in a damaged store: the first says which value they are read as.
// Properties: reading never fails but with a message that can be shown, and what was read is
// written and read again as the same.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "core/monitor_brief.h"
#include "store/alike_definitions.h"
#include "store/channel_form.h"
#include "store/json.h"

namespace {

using tocsin::Result;

template <class T>
void check(std::string_view text, Result<T> (*read)(std::string_view)) {
  const Result<T> value = read(text);
  if (!value) {
    CHECK(value.error().kind == tocsin::ErrorKind::corrupt, "a stored value is whole or corrupt");
    CHECK(value.error().message.starts_with("stored "), "an error says what it is about");
    return;
  }
  const std::string written = to_json(*value);
  CHECK(tocsin::is_valid_utf8(written), "what is written is text");
  const Result<T> again = read(written);
  CHECK(again.has_value(), "what was written is read");
  CHECK(to_json(*again) == written, "and is the same");
}

// Two texts, a line each: the second is read with the first in memory, and comes out as without.
void check_alike(std::string_view text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view first = text.substr(0, end);
  const std::string_view second = text.substr(std::min(end + 1, text.size()));
  tocsin::StateReader states;
  for (const std::string_view each : {first, first, second}) {
    tocsin::MonitorState alone;
    tocsin::MonitorState alike;
    const bool is_read = read_monitor_state(each, alone).has_value();
    CHECK(states.read(each, alike).has_value() == is_read, "both can be read or neither");
    CHECK(!is_read || alone == alike, "and are the same");
  }
  tocsin::AlikeDefinitions definitions;
  for (const std::string_view each : {first, first, second}) {
    const std::optional<tocsin::MonitorBrief> brief = definitions.brief(each);
    tocsin::Monitor monitor;
    const bool is_read = read_monitor(each, monitor).has_value();
    CHECK(!brief || (is_read && *brief == brief_of(monitor)), "a brief is that of the definition");
    if (is_read) {
      definitions.remember(each, monitor, brief_of(monitor));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'm':
      check(text, monitor_from_json);
      break;
    case 's':
      check(text, monitor_state_from_json);
      break;
    case 'i':
      check(text, incident_from_json);
      break;
    case 'e':
      check(text, alert_event_from_json);
      break;
    case 'd':
      check(text, delivery_from_json);
      break;
    case 'v':
      check(text, evidence_from_json);
      break;
    case 'c':
      check(text, channel_from_json);
      break;
    case '2':
      check_alike(text);
      break;
    case 'k': {
      // Secrets: put whole or not at all.
      Channel channel{.id = "ops"};
      channel.headers.emplace_back("X", Secret());
      if (put_secrets(channel, text)) {
        Channel again{.id = "ops"};
        again.headers = channel.headers;
        CHECK(channel_secrets(channel).empty() || put_secrets(again, channel_secrets(channel)),
              "what was written is read");
        CHECK(channel_secrets(channel) == channel_secrets(again), "and is the same");
      }
      break;
    }
    default:
      check(text, attempt_from_json);
  }
  return 0;
}
