#include "probe/prober.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "base/limits.h"
#include "probe/attempt.h"
#include "probe/connection.h"
#include "probe/crypto_workers.h"
#include "probe/pool.h"
#include "probe/timer_wheel.h"
#include "probe/tls_context.h"

namespace tocsin {
namespace {

// A wait is normally less than 1 ms late (ports/probe_io.h); by so much more, something kept us
// from running.
constexpr Duration kOversleep = 5ms;
// While probes are under way the loop looks at least so often, and what lasts longer than that is
// taken for a standstill of the whole machine (probe/own_delay.h).
constexpr Duration kHeartbeat = 50ms;

}  // namespace

// Slots and attempts are used last-in first-out, so that a small working set stays in the cache. A
// slot that becomes free while events are handled is used again only after all of them: an event
// further back in the batch may still be its former connection's.
class Prober::Impl final : public Pool, public ResolveSink {
 public:
  Impl(ProbeIo& io, Resolver& resolver, const Clock& clock, const ReachPolicy& reach,
       ProbeSink& sink, ProberSettings settings)
      : io_(io),
        resolver_(resolver),
        clock_(clock),
        sink_(sink),
        queue_max_(settings.queue_max),
        slots_(static_cast<uint32_t>(std::min(settings.slots_max, io.capacity()))),
        wheel_(clock.steady_now(), size_t{2} * slots_),
        turn_{.number = 0, .since = {}, .until = {}, .woke = clock.steady_now()},
        tools_{io, resolver, *this, clock, reach, tls_, *this, turn_, std::move(settings.sources)},
        connections_(slots_) {
    if (settings.crypto_threads > 0) {
      crypto_ = std::make_unique<CryptoWorkers>(settings.crypto_threads, [this] { io_.wake(); });
    }
    for (uint32_t slot = slots_; slot > 0; --slot) {
      free_slots_.push_back(slot - 1);
    }
  }

  void start(ProbeRequest request);
  void handle(std::span<const IoEvent> events);
  void before_wait(SteadyTime now, SteadyTime until);
  void advance(SteadyTime now);
  [[nodiscard]] SteadyTime next_deadline() const;
  void forget(MonitorUid monitor);
  [[nodiscard]] ProberCounters counters() const;

  void arm(Connection& connection, SteadyTime at) override {
    wheel_.schedule(connection.slot(), at);
  }
  void arm(ProbeAttempt& attempt, SteadyTime at) override {
    wheel_.schedule(slots_ + attempt.index(), at);
  }
  Connection* spare() override;
  void give_back(Connection& connection) override { freed_slots_.push_back(connection.slot()); }
  bool feed_elsewhere(Connection& connection, std::string_view bytes, SteadyTime at) override;
  void ended(ProbeAttempt& attempt) override;
  void phase_ended(const ProbeAttempt& attempt, const PhaseEnd& end) override {
    sink_.on_phase(attempt.request().tag, end);
  }
  void on_resolved(uint64_t token, const ResolveAnswer& answer) override;

 private:
  struct Done {
    uint64_t tag = 0;
    std::shared_ptr<const Monitor> monitor;
    ProbeResult result;
    bool is_forgotten = false;
  };

  void admit(ProbeRequest request, Connection& home);
  void refuse(ProbeRequest request);
  void fire(TimerId timer, SteadyTime now);
  void settle();
  void continue_handshakes();
  void start_waiting();
  void deliver();

  ProbeIo& io_;
  Resolver& resolver_;
  const Clock& clock_;
  ProbeSink& sink_;
  size_t queue_max_;
  uint32_t slots_;
  TimerWheel wheel_;  // timers of connections by slot, behind them those of attempts
  TlsContexts tls_;
  LoopTurn turn_;
  SteadyTime wait_ends_ = kNever;  // of the wait under way
  AttemptTools tools_;
  std::array<char, 4_KiB> drain_{};
  std::vector<std::unique_ptr<Connection>> connections_;  // made when first used
  std::vector<std::unique_ptr<ProbeAttempt>> attempts_;   // never more than slots_: each holds one
  std::vector<uint32_t> free_slots_, freed_slots_, free_attempts_;
  std::deque<ProbeRequest> retries_, first_attempts_;  // waiting for a slot
  std::vector<uint32_t> resolved_;                     // attempts whose answer has come
  std::vector<Done> done_, delivering_;
  std::vector<TimerId> fired_;
  uint64_t tokens_ = 0;
  ProberCounters counters_;
  std::vector<CryptoDone> computed_;
  std::unique_ptr<CryptoWorkers> crypto_;  // its threads wake io_
};

Connection* Prober::Impl::spare() {
  if (free_slots_.empty()) {
    return nullptr;
  }
  const uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  if (!connections_[slot]) {
    connections_[slot] = std::make_unique<Connection>(slot, io_, *this, drain_);
  }
  return connections_[slot].get();
}

void Prober::Impl::start(ProbeRequest request) {
  const size_t waiting = retries_.size() + first_attempts_.size();
  if (waiting == 0) {
    if (Connection* home = spare()) {
      admit(std::move(request), *home);
      return;
    }
  }
  if (waiting >= queue_max_) {
    refuse(std::move(request));
    return;
  }
  ++counters_.queued;
  (request.retry ? retries_ : first_attempts_).push_back(std::move(request));
}

void Prober::Impl::admit(ProbeRequest request, Connection& home) {
  if (free_attempts_.empty()) {
    free_attempts_.push_back(static_cast<uint32_t>(attempts_.size()));
    attempts_.push_back(std::make_unique<ProbeAttempt>(free_attempts_.back(), tools_));
  }
  const uint32_t index = free_attempts_.back();
  free_attempts_.pop_back();
  ++counters_.started;
  ++counters_.in_flight;
  attempts_[index]->begin(std::move(request), home, (++tokens_ << 32) | index);
}

// The queue is full: our own trouble, told as such and never as the target's.
void Prober::Impl::refuse(ProbeRequest request) {
  ++counters_.refused_full;
  ProbeResult result;
  result.id = request.id;
  result.started = clock_.system_now();
  result.error =
      ProbeError{ErrorCode::overloaded, Phase::connect, "too many checks wait for a free slot"};
  done_.push_back({request.tag, std::move(request.monitor), std::move(result)});
}

void Prober::Impl::ended(ProbeAttempt& attempt) {
  --counters_.in_flight;
  ProbeRequest& request = attempt.request();
  done_.push_back({request.tag, std::move(request.monitor), std::move(attempt.result())});
  free_attempts_.push_back(attempt.index());
}

void Prober::Impl::on_resolved(uint64_t token, const ResolveAnswer& answer) {
  const auto index = static_cast<uint32_t>(token);
  if (index < attempts_.size() && attempts_[index]->token() == token) {
    attempts_[index]->on_resolved(answer);
    resolved_.push_back(index);
  }
}

void Prober::Impl::before_wait(SteadyTime now, SteadyTime until) {
  ++turn_.number;
  turn_.since = turn_.woke;
  turn_.until = now;
  turn_.overslept = Duration(0);
  turn_.stood_before = turn_.stood;
  if (turn_.until - turn_.since >= kHeartbeat) {
    turn_.stood += turn_.until - turn_.since;
  }
  wait_ends_ = std::max(now, until);
}

void Prober::Impl::handle(std::span<const IoEvent> events) {
  turn_.woke = clock_.steady_now();
  const SteadyTime planned = std::exchange(wait_ends_, kNever);
  if (planned < turn_.woke - kOversleep) {
    turn_.overslept = turn_.woke - planned;
  }
  if (io_.was_interrupted()) {
    turn_.overslept = std::max(turn_.overslept, turn_.woke - turn_.until);
  }
  if (turn_.overslept > Duration(0)) {
    turn_.stood += turn_.woke - turn_.until;  // nobody knows since when
  }
  for (const IoEvent& event : events) {
    Connection* connection = event.slot < slots_ ? connections_[event.slot].get() : nullptr;
    if (connection == nullptr) {
      continue;
    }
    if (ConnectionOwner* owner = connection->owner()) {
      owner->note_event(event, clock_.steady_now());
    }
    connection->on_event(event);
    if (!done_.empty()) {
      deliver();
    }
  }
  continue_handshakes();
  settle();
}

bool Prober::Impl::feed_elsewhere(Connection& connection, std::string_view bytes, SteadyTime at) {
  if (!crypto_) {
    return false;
  }
  crypto_->submit({.slot = connection.slot(),
                   .serial = connection.serial(),
                   .session = connection.shared_tls(),
                   .bytes = std::string(bytes),
                   .at = at});
  return true;
}

void Prober::Impl::continue_handshakes() {
  if (!crypto_) {
    return;
  }
  crypto_->take(computed_);
  for (CryptoDone& each : computed_) {
    connections_[each.slot]->on_crypto(each.serial, std::move(each.step), each.at,
                                       clock_.steady_now());
    if (!done_.empty()) {
      deliver();
    }
  }
}

void Prober::Impl::advance(SteadyTime now) {
  // The resolver first: what it says at the deadline is more than that the deadline has come.
  resolver_.drive(now);
  for (const uint32_t index : std::exchange(resolved_, {})) {
    attempts_[index]->continue_resolved();
  }
  fired_.clear();
  wheel_.advance(now, fired_);
  for (const TimerId timer : fired_) {
    fire(timer, now);
  }
  settle();
}

void Prober::Impl::fire(TimerId timer, SteadyTime now) {
  if (timer < slots_) {
    connections_[timer]->on_time();
  } else {
    attempts_[timer - slots_]->on_time(now);
  }
}

void Prober::Impl::settle() {
  free_slots_.insert(free_slots_.end(), freed_slots_.begin(), freed_slots_.end());
  freed_slots_.clear();
  start_waiting();
  deliver();
}

void Prober::Impl::start_waiting() {
  while (!retries_.empty() || !first_attempts_.empty()) {
    Connection* home = spare();
    if (home == nullptr) {
      return;
    }
    std::deque<ProbeRequest>& queue = retries_.empty() ? first_attempts_ : retries_;
    ProbeRequest request = std::move(queue.front());
    queue.pop_front();
    admit(std::move(request), *home);
  }
}

// Only what is there now: a sink that starts a probe which ends at once is told of it in the next
// round.
void Prober::Impl::deliver() {
  delivering_.swap(done_);
  for (Done& each : delivering_) {
    if (!each.is_forgotten) {
      ++counters_.finished;
      sink_.on_probe(each.tag, each.monitor, std::move(each.result));
    }
  }
  delivering_.clear();
}

SteadyTime Prober::Impl::next_deadline() const {
  const bool can_start = !free_slots_.empty() && !(retries_.empty() && first_attempts_.empty());
  if (!done_.empty() || !resolved_.empty() || !freed_slots_.empty() || can_start) {
    return clock_.steady_now();
  }
  const SteadyTime look = counters_.in_flight > 0 ? turn_.woke + kHeartbeat : kNever;
  return std::min({look, wheel_.next(), resolver_.next_deadline()});
}

void Prober::Impl::forget(MonitorUid monitor) {
  const auto is_its = [&](const ProbeRequest& request) { return request.id.monitor == monitor; };
  std::erase_if(retries_, is_its);
  std::erase_if(first_attempts_, is_its);
  for (const auto& attempt : attempts_) {
    if (!attempt->is_ended() && is_its(attempt->request())) {
      attempt->forget();
      --counters_.in_flight;
      free_attempts_.push_back(attempt->index());
    }
  }
  for (std::vector<Done>* list : {&done_, &delivering_}) {
    for (Done& each : *list) {
      each.is_forgotten = each.is_forgotten || each.result.id.monitor == monitor;
    }
  }
}

ProberCounters Prober::Impl::counters() const {
  ProberCounters counters = counters_;
  counters.waiting = retries_.size() + first_attempts_.size();
  return counters;
}

Prober::Prober(ProbeIo& io, Resolver& resolver, const Clock& clock, const ReachPolicy& reach,
               ProbeSink& sink, ProberSettings settings)
    : impl_(std::make_unique<Impl>(io, resolver, clock, reach, sink, settings)) {}
Prober::~Prober() = default;

void Prober::start(ProbeRequest request) { impl_->start(std::move(request)); }
void Prober::handle(std::span<const IoEvent> events) { impl_->handle(events); }
void Prober::before_wait(SteadyTime now, SteadyTime until) { impl_->before_wait(now, until); }
void Prober::advance(SteadyTime now) { impl_->advance(now); }
SteadyTime Prober::next_deadline() const { return impl_->next_deadline(); }
void Prober::forget(MonitorUid monitor) { impl_->forget(monitor); }
ProberCounters Prober::counters() const { return impl_->counters(); }

}  // namespace tocsin
