// Outbox: sends what the store holds as waiting, again and again until delivered or dead. One
// attempt at a time per channel and order kept per incident; channels do not delay each other. Runs
// on the loop; the store is told of every attempt before the next one starts. A crash may repeat a
// delivery with the same key, never forget one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/channel.h"
#include "model/delivery.h"
#include "ports/clock.h"
#include "ports/random.h"
#include "ports/sender.h"

namespace tocsin {

// Time of the next attempt after `delivery.attempts` failed ones: 0, 5 s, 30 s, 2, 5, 15 min, 1, 3,
// 6, 12, 12 h ... until 72 h after `created`, ±20 % jitter from `chance`; a receiver's Retry-After
// counts when longer. The last attempt is at the 72 h themselves. Nothing: that one has failed too,
// the delivery is dead.
std::optional<SystemTime> next_delivery_attempt(const Delivery& delivery,
                                                std::optional<Duration> retry_after, SystemTime now,
                                                uint64_t chance);

// Keys, see delivery.h.
std::string delivery_key(const IncidentId& incident, uint32_t event_number,
                         std::string_view channel);
std::string incident_key(const IncidentId& incident, std::string_view channel);

// The message of `delivery` for its channel. Pure. invalid_input: the channel cannot say it as
// configured; corrupt: the stored notice is unreadable.
Result<OutgoingMessage> make_message(const Channel& channel, const Delivery& delivery,
                                     SystemTime now);

class Outbox : private SendSink {
 public:
  // `record` keeps a changed delivery and (if any) its attempt in the store.
  using Record = std::function<void(const Delivery&, const std::optional<DeliveryAttempt>&)>;
  Outbox(Sender& sender, const Clock& clock, Random& random, Record record);
  ~Outbox() override;

  // Replaces the known channels. Waiting deliveries of a channel that is gone become dead with that
  // reason; those of a channel that was changed are tried at once, because the change may be the
  // repair. Nothing is sent before the first call.
  void set_channels(std::map<std::string, Channel> channels);
  // Takes a delivery that is durable (or loaded at start) and sends it when due. Others than
  // `waiting` ones and doubles are passed over.
  void add(Delivery delivery);
  // Starts what is due. `record` may be called from here, from set_channels and from the sender's
  // outcome, and must not call back.
  void advance(SteadyTime now);
  [[nodiscard]] SteadyTime next_deadline() const;
  [[nodiscard]] size_t waiting() const;

  struct Counters {
    uint64_t delivered = 0, failed_attempts = 0, dead = 0;
  };
  [[nodiscard]] Counters counters(const std::string& channel) const;

 private:
  void on_sent(uint64_t token, const SendOutcome& outcome) override;
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin
