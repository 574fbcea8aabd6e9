// For tests: what an engine needs that does nothing: a journal that nobody reads, and a network on
// which nothing happens. Clocks, chance and stores are each test's own.
#pragma once

#include <initializer_list>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/loop_mailbox.h"
#include "ports/idle_probe_io.h"
#include "ports/journal.h"
#include "ports/resolver.h"
#include "ports/sender.h"

namespace tocsin {

class SilentJournal final : public Journal {
 public:
  void info(std::string_view, std::initializer_list<JournalField>) const override {}
  void warning(std::string_view, std::initializer_list<JournalField>) const override {}
};

class DeafNetwork final : public IdleProbeIo, public Resolver, public Sender {
 public:
  // Each wait brings so many events of connections that are no more.
  size_t late_events = 0;

  void wait(SteadyTime, std::vector<IoEvent>& events) override {
    events.insert(events.end(), late_events,
                  IoEvent{.slot = std::numeric_limits<SlotIndex>::max()});
  }
  std::optional<ResolveAnswer> resolve(std::string_view, AddressWish, SteadyTime, uint64_t,
                                       ResolveSink&) override {
    return std::nullopt;
  }
  void cancel(uint64_t) override {}
  void drive(SteadyTime) override {}
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }
  using IdleProbeIo::send;
  void send(uint64_t, OutgoingMessage, SendSink&) override {}
};

// Runs all that waits for the loop, and what comes of it, without a turn.
inline void settle(LoopMailbox& mailbox) {
  while (mailbox.has_posts() || mailbox.has_requests()) {
    mailbox.run_posts();
    mailbox.serve_request();
  }
}

}  // namespace tocsin
