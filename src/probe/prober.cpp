#include "probe/prober.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <utility>

#include "base/limits.h"
#include "probe/admission.h"
#include "probe/attempt.h"
#include "probe/connection.h"
#include "probe/crypto_workers.h"
#include "probe/pool.h"
#include "probe/probe_plan.h"
#include "probe/slot_stack.h"
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
// Results told and kept to be filled again: as many as may end in one turn of a busy loop.
constexpr size_t kBlanksMax = 256;
// A socket that was kept for a next connection and not needed for so long is closed (between one
// and two times that); so many in one turn, as each takes some microseconds.
constexpr Duration kSocketRest = 2s;
constexpr size_t kLetGoMax = 32;

// As new, which allocates nothing. An assignment would make another, all of it zeros first, and
// move each member.
void make_blank(ProbeResult& result) {
  std::destroy_at(&result);
  ::new (&result) ProbeResult;
}

}  // namespace

// Attempts are used last-in first-out as slots are (probe/slot_stack.h). A slot that becomes free
// while events are handled is used again only after all of them: an event further back in the batch
// may still be its former connection's.
class Prober::Impl final : public Pool, public ResolveSink {
 public:
  Impl(ProbeIo& io, Resolver& resolver, const Clock& clock, const ReachPolicy& reach,
       ProbeSink& sink, ProberSettings settings)
      : io_(io),
        resolver_(resolver),
        clock_(clock),
        sink_(sink),
        slots_(static_cast<uint32_t>(std::min(settings.slots_max, io.capacity()))),
        admission_({.queue_max = settings.queue_max, .slots = slots_, .ports = settings.ports}),
        wheel_(clock.steady_now(), size_t{2} * slots_),
        turn_{.number = 0, .since = {}, .until = {}, .woke = clock.steady_now()},
        tools_{io, resolver, *this, clock, reach, tls_, *this, turn_, std::move(settings.sources)},
        connections_(slots_),
        free_slots_(slots_),
        rest_ends_(clock.steady_now() + kSocketRest) {
    if (settings.crypto_threads > 0) {
      crypto_ = std::make_unique<CryptoWorkers>(settings.crypto_threads, [this] { io_.wake(); });
    }
  }

  void start(ProbeRequest request);
  void expect(const Monitor& monitor) const { admission_.expect(monitor); }
  void handle(std::span<const IoEvent> events);
  void before_wait(SteadyTime now, SteadyTime until);
  void advance(SteadyTime now);
  [[nodiscard]] SteadyTime next_deadline() const;
  void forget(MonitorUid monitor);
  [[nodiscard]] ProberCounters counters() const;
  [[nodiscard]] bool awaits_events() const {
    return free_slots_.size() < slots_ || resolver_.next_deadline() != kNever;
  }
  [[nodiscard]] std::vector<std::string> short_of_ports() const {
    return admission_.short_of_ports();
  }

  void arm(Connection& connection, SteadyTime at) override {
    wheel_.schedule(connection.slot(), at);
  }
  void arm(ProbeAttempt& attempt, SteadyTime at) override {
    wheel_.schedule(slots_ + attempt.index(), at);
  }
  Connection* spare() override;
  void give_back(Connection& connection) override { freed_slots_.push_back(connection.slot()); }
  bool feed_elsewhere(Connection& connection, std::string_view bytes, SteadyTime at) override;
  std::unique_ptr<ProbeResult> blank_result() override;
  void ended(ProbeAttempt& attempt) override;
  bool put_off(ProbeAttempt& attempt, Shortage shortage, ProbeError why) override;
  void phase_ended(const ProbeAttempt& attempt, const PhaseEnd& end) override {
    sink_.on_phase(attempt.request().tag, end);
  }
  void on_resolved(uint64_t token, const ResolveAnswer& answer) override;

 private:
  struct Done {
    uint64_t tag = 0;
    std::shared_ptr<const Monitor> monitor;
    std::unique_ptr<ProbeResult> result;
    bool is_forgotten = false;
  };

  void admit(ProbeRequest request, SteadyTime now);
  void refuse(ProbeRequest request, ProbeError why);
  void fire(TimerId timer, SteadyTime now);
  void settle();
  void continue_handshakes();
  void let_rested_go(SteadyTime now);
  void start_waiting();
  void deliver();

  ProbeIo& io_;
  Resolver& resolver_;
  const Clock& clock_;
  ProbeSink& sink_;
  uint32_t slots_;
  Admission admission_;
  TimerWheel wheel_;  // timers of connections by slot, behind them those of attempts
  TlsContexts tls_;
  LoopTurn turn_;
  SteadyTime wait_ends_ = kNever;  // of the wait under way
  AttemptTools tools_;
  std::array<char, 4_KiB> drain_{};
  ConnectionTools connection_tools_{io_, *this, drain_};
  std::vector<std::unique_ptr<Connection>> connections_;  // made when first used
  std::vector<std::unique_ptr<ProbeAttempt>> attempts_;   // never more than slots_: each holds one
  SlotStack free_slots_;
  SteadyTime rest_ends_;
  bool has_more_rested_ = false;
  std::vector<uint32_t> freed_slots_, free_attempts_;
  std::vector<Admission::GivenUp> given_up_;
  std::vector<uint32_t> resolved_;  // attempts whose answer has come
  std::vector<Done> done_, delivering_;
  std::vector<std::unique_ptr<ProbeResult>> blanks_;
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
  const uint32_t slot = free_slots_.take();
  if (!connections_[slot]) {
    connections_[slot] = std::make_unique<Connection>(slot, connection_tools_);
  }
  return connections_[slot].get();
}

void Prober::Impl::start(ProbeRequest request) {
  if (admission_.full()) {
    ++counters_.refused_full;
    refuse(std::move(request),
           {ErrorCode::overloaded, Phase::connect, "too many checks wait for a free slot"});
    return;
  }
  const SteadyTime now = clock_.steady_now();
  if (!admission_.take(request, free_slots_.size(), now)) {
    ++counters_.queued;
    return;
  }
  admit(std::move(request), now);
}

// There is a free slot.
void Prober::Impl::admit(ProbeRequest request, SteadyTime now) {
  Connection& home = *spare();
  if (free_attempts_.empty()) {
    free_attempts_.push_back(static_cast<uint32_t>(attempts_.size()));
    attempts_.push_back(std::make_unique<ProbeAttempt>(free_attempts_.back(), tools_));
  }
  const uint32_t index = free_attempts_.back();
  free_attempts_.pop_back();
  ++counters_.started;
  ++counters_.in_flight;
  attempts_[index]->begin(std::move(request), home, (++tokens_ << 32) | index, now);
}

// It cannot be made: our own trouble, told as such and never as the target's.
void Prober::Impl::refuse(ProbeRequest request, ProbeError why) {
  auto result = blank_result();
  result->id = request.id;
  result->started = clock_.system_now();
  if (request.id.monitor.value != 0) {
    result->scheduling_delay = std::max(Duration(0), result->started - request.id.slot);
  }
  result->error = std::move(why);
  done_.push_back({request.tag, std::move(request.monitor), std::move(result)});
}

std::unique_ptr<ProbeResult> Prober::Impl::blank_result() {
  if (blanks_.empty()) {
    return std::make_unique<ProbeResult>();
  }
  auto blank = std::move(blanks_.back());
  blanks_.pop_back();
  return blank;
}

void Prober::Impl::ended(ProbeAttempt& attempt) {
  --counters_.in_flight;
  ProbeRequest& request = attempt.request();
  const ProbeResult& result = attempt.result();
  const bool is_connected = !result.error || result.error->phase != Phase::connect ||
                            (result.proxy && result.proxy->reached);
  const bool is_given_up = !is_connected && error_info(result.error->code).side == ErrorSide::ours;
  // Where the peer has closed first, it is the peer's port that rests; nobody says which it was.
  const bool took_port = is_connected && (result.remote || result.proxy) &&
                         close_of(*request.monitor) == CloseMode::fin;
  using enum Admission::Made;
  admission_.ended(request,
                   is_given_up ? no
                   : took_port ? and_took_port
                               : yes,
                   clock_.steady_now());
  done_.push_back({request.tag, std::move(request.monitor), attempt.take_result()});
  free_attempts_.push_back(attempt.index());
}

bool Prober::Impl::put_off(ProbeAttempt& attempt, Shortage shortage, ProbeError why) {
  if (!admission_.put_off(attempt.request(), shortage, std::move(why), clock_.steady_now())) {
    return false;
  }
  --counters_.in_flight;
  free_attempts_.push_back(attempt.index());
  return true;
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
  let_rested_go(now);
}

void Prober::Impl::let_rested_go(SteadyTime now) {
  if (now >= rest_ends_) {
    free_slots_.end_of_while();
    rest_ends_ = now + kSocketRest;
    has_more_rested_ = true;
  }
  for (size_t i = 0; has_more_rested_ && i < kLetGoMax; ++i) {
    const std::optional<uint32_t> slot = free_slots_.next_rested();
    has_more_rested_ = slot.has_value();
    if (slot) {
      io_.let_go(*slot);
    }
  }
}

void Prober::Impl::fire(TimerId timer, SteadyTime now) {
  if (timer < slots_) {
    connections_[timer]->on_time();
  } else {
    attempts_[timer - slots_]->on_time(now);
  }
}

void Prober::Impl::settle() {
  free_slots_.give_back(freed_slots_);
  freed_slots_.clear();
  start_waiting();
  deliver();
}

void Prober::Impl::start_waiting() {
  const SteadyTime now = clock_.steady_now();
  admission_.turn(now, given_up_);
  for (Admission::GivenUp& each : given_up_) {
    refuse(std::move(each.request), std::move(each.why));
  }
  given_up_.clear();
  while (auto request = admission_.next(free_slots_.size(), now)) {
    admit(*std::move(request), clock_.steady_now());
  }
}

// Only what is there now: a sink that starts a probe which ends at once is told of it in the next
// round.
void Prober::Impl::deliver() {
  delivering_.swap(done_);
  for (Done& each : delivering_) {
    if (!each.is_forgotten) {
      ++counters_.finished;
      sink_.on_probe(each.tag, each.monitor, std::move(*each.result));
    }
    // Long texts are not kept with it.
    if (blanks_.size() < kBlanksMax && each.result->sent.empty() && each.result->received.empty()) {
      make_blank(*each.result);
      blanks_.push_back(std::move(each.result));
    }
  }
  delivering_.clear();
}

SteadyTime Prober::Impl::next_deadline() const {
  if (!done_.empty() || !resolved_.empty() || !freed_slots_.empty() || has_more_rested_) {
    return clock_.steady_now();
  }
  const SteadyTime rest = free_slots_.has_used() ? rest_ends_ : kNever;
  const SteadyTime look = counters_.in_flight > 0 ? turn_.woke + kHeartbeat : kNever;
  const SteadyTime waiting =
      admission_.waiting() == 0 ? kNever
                                : admission_.next_deadline(free_slots_.size(), clock_.steady_now());
  return std::min({look, waiting, rest, wheel_.next(), resolver_.next_deadline()});
}

void Prober::Impl::forget(MonitorUid monitor) {
  const auto is_its = [&](const ProbeRequest& request) { return request.id.monitor == monitor; };
  admission_.forget(is_its);
  for (const auto& attempt : attempts_) {
    if (!attempt->is_ended() && is_its(attempt->request())) {
      admission_.ended(attempt->request(), Admission::Made::no, clock_.steady_now());
      attempt->forget();
      --counters_.in_flight;
      free_attempts_.push_back(attempt->index());
    }
  }
  for (std::vector<Done>* list : {&done_, &delivering_}) {
    for (Done& each : *list) {
      each.is_forgotten = each.is_forgotten || each.result->id.monitor == monitor;
    }
  }
}

ProberCounters Prober::Impl::counters() const {
  ProberCounters counters = counters_;
  counters.waiting = admission_.waiting();
  counters.put_off = admission_.put_off_count();
  counters.given_up = admission_.given_up_count();
  counters.slots = slots_;
  return counters;
}

Prober::Prober(ProbeIo& io, Resolver& resolver, const Clock& clock, const ReachPolicy& reach,
               ProbeSink& sink, ProberSettings settings)
    : impl_(std::make_unique<Impl>(io, resolver, clock, reach, sink, std::move(settings))) {}
Prober::~Prober() = default;

void Prober::start(ProbeRequest request) { impl_->start(std::move(request)); }
void Prober::expect(const Monitor& monitor) const { impl_->expect(monitor); }
void Prober::handle(std::span<const IoEvent> events) { impl_->handle(events); }
void Prober::before_wait(SteadyTime now, SteadyTime until) { impl_->before_wait(now, until); }
void Prober::advance(SteadyTime now) { impl_->advance(now); }
SteadyTime Prober::next_deadline() const { return impl_->next_deadline(); }
void Prober::forget(MonitorUid monitor) { impl_->forget(monitor); }
ProberCounters Prober::counters() const { return impl_->counters(); }
bool Prober::awaits_events() const { return impl_->awaits_events(); }
std::vector<std::string> Prober::short_of_ports() const { return impl_->short_of_ports(); }

}  // namespace tocsin
