// Delivery: one attempt chain to tell one channel one event; a row of the outbox. Its key is stable
// over retries and restarts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "model/status.h"

namespace tocsin {

// Do not change the values: they are on disk.
enum class DeliveryState : uint8_t { waiting = 1, delivered = 2, dead = 3, suppressed = 4 };
std::string_view delivery_state_name(DeliveryState state);

struct Delivery {
  // Hex SHA-256 of incident + event number + channel; webhook-id and Message-ID.
  std::string key;
  std::string incident_key;  // hex SHA-256 of incident + channel; mail thread, dedup_key
  std::string channel;       // channel id
  AlertEvent event;
  // JSON of NoticeFacts (notify/notice.h), frozen when the event was decided.
  std::string payload;
  DeliveryState state = DeliveryState::waiting;
  uint32_t attempts = 0;
  SystemTime created{};
  SystemTime next_attempt{};  // when waiting
  std::optional<SystemTime> finished;
  // What the channel answered, a short sentence; or why it was suppressed.
  std::string last_result;
  bool operator==(const Delivery&) const = default;
};

// One try, for the log people read.
struct DeliveryAttempt {
  std::string key;
  uint32_t number = 0;  // 1, 2, ...
  SystemTime at{};
  Duration took{};
  bool ok = false;
  std::string result;  // "200 OK", "connection refused", ...; at most 500 bytes, safe to show
  bool operator==(const DeliveryAttempt&) const = default;
};

}  // namespace tocsin
