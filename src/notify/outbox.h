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
  [[nodiscard]] size_t waiting(const std::string& channel) const;

  struct Counters {
    uint64_t delivered = 0, failed_attempts = 0, dead = 0;
    std::string last_result;  // of the newest attempt; empty: none was made
  };
  // Since the start.
  [[nodiscard]] Counters counters(const std::string& channel) const;
  // Of all channels, those that are gone included.
  [[nodiscard]] Counters total() const;

 private:
  void on_sent(uint64_t token, const SendOutcome& outcome) override;
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin
