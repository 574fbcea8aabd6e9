#include "cli/probe_session.h"

#include <signal.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/limits.h"
#include "base/unique_fd.h"
#include "core/evidence_plan.h"
#include "core/judge.h"
#include "engine/due_queue.h"
#include "engine/system_ports.h"
#include "probe/epoll_io.h"
#include "probe/evidence_gatherer.h"
#include "probe/probe_plan.h"
#include "probe/prober.h"
#include "probe/resolver_pool.h"

namespace tocsin::cli {
namespace {

// How long the polite closes may take after the last verdict: a peer that closes when we do never
// sees a reset, and nobody waits noticeably for one that does not.
constexpr Duration kGoodbyeTime = 100ms;
constexpr size_t kDescriptorsReserved = 32;           // resolver, signals, standard streams
constexpr uint64_t kSecondTries = uint64_t{1} << 63;  // tags below it are indices of targets

// SIGINT and SIGTERM as a descriptor, for the life of this object.
class SignalWatch {
 public:
  SignalWatch() {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &wanted, &before_);
    fd_ = UniqueFd(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
  }
  ~SignalWatch() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  [[nodiscard]] int fd() const { return fd_.get(); }
  // True when one came; takes it, so that it does not end the process when they are let through
  // again.
  [[nodiscard]] bool take() const {
    signalfd_siginfo info{};
    return ::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info);
  }

 private:
  sigset_t before_{};
  UniqueFd fd_;
};

class Session final : public ProbeSink {
 public:
  Session(const ProbeOptions& options, ProbeIo& io, Resolver& resolver, const Clock& clock,
          const ProbeReport& report)
      : options_(options),
        io_(io),
        clock_(clock),
        report_(report),
        probe_slots_(io.capacity() - slots_of_evidence(options)),
        prober_(io, resolver, clock, reach_, *this, ProberSettings{.slots_max = probe_slots_}),
        gatherer_(
            io, resolver, clock, reach_,
            [this](std::shared_ptr<const Monitor> monitor, ReachRole role, bool asks_anew,
                   std::function<void(const Attempt&)> done) {
              const uint64_t tag = kSecondTries | next_second_try_++;
              second_tries_.emplace(tag, std::move(done));
              prober_.start({.monitor = std::move(monitor),
                             .tag = tag,
                             .role = role,
                             .asks_anew = asks_anew});
            },
            static_cast<SlotIndex>(probe_slots_), slots_of_evidence(options)),
        rounds_(options.monitors.size()) {}

  // Beside those of the probes.
  static size_t slots_of_evidence(const ProbeOptions& options) {
    return options.evidence
               ? std::min(options.monitors.size(), kEvidenceBundlesMax) * kEvidenceSlots
               : 0;
  }

  ProbeSessionEnd run() {
    const SignalWatch signals;
    io_.watch(signals.fd(), true, false,
              [this, &signals](bool, bool) { interrupted_ = signals.take() || interrupted_; });
    const SteadyTime begin = clock_.steady_now();
    for (uint32_t target = 0; target < rounds_.size(); ++target) {
      due_.set(target, begin + options_.spacing * target);
    }
    while (!interrupted_ && left_ > 0) {
      start_due();
      turn(std::min(
          {prober_.next_deadline(), gatherer_.next_deadline(), due_.next().value_or(kNever)}));
    }
    say_goodbye();
    io_.watch(signals.fd(), false, false, nullptr);
    return ProbeSessionEnd{.interrupted = interrupted_};
  }

  void on_probe(uint64_t tag, const std::shared_ptr<const Monitor>& monitor,
                ProbeResult&& result) override {
    Attempt attempt = judge(*monitor, std::move(result));
    if ((tag & kSecondTries) != 0) {
      second_tries_.extract(tag).mapped()(attempt);
      return;
    }
    Round& round = rounds_[tag];
    const bool is_first_failure =
        attempt.evaluation.verdict == Verdict::failed && !std::exchange(round.is_failing, true);
    if (options_.evidence && is_first_failure) {
      look_into(tag, monitor, attempt);
      return;
    }
    round.is_failing = attempt.evaluation.verdict == Verdict::failed;
    if (!round.is_failing) {
      round.last_good = attempt.result.remote;
    }
    report(tag, attempt, nullptr);
  }

 private:
  struct Round {
    size_t done = 0;
    SteadyTime started{};
    bool is_failing = false;
    std::optional<SocketAddress> last_good;
  };

  void look_into(uint64_t tag, const std::shared_ptr<const Monitor>& monitor,
                 const Attempt& attempt) {
    EvidenceRequest request{.monitor = monitor,
                            .plan = plan_evidence(*monitor, attempt),
                            .remote = attempt.result.remote};
    if (const auto& last_good = rounds_[tag].last_good) {
      request.last_good = last_good->ip;
    }
    const bool is_begun = gatherer_.gather(
        std::move(request),
        [this, tag, attempt](const Evidence& evidence) { report(tag, attempt, &evidence); });
    if (!is_begun) {
      const Evidence none{.state = EvidenceState::too_many};
      report(tag, attempt, &none);
    }
  }

  void report(uint64_t tag, const Attempt& attempt, const Evidence* evidence) {
    Round& round = rounds_[tag];
    if (!report_(tag, attempt, evidence)) {
      left_ = 0;
      return;
    }
    if (++round.done == options_.count) {
      --left_;
      return;
    }
    const SteadyTime next = round.started + options_.interval;
    due_.set(static_cast<uint32_t>(tag), std::max(next, clock_.steady_now()));
  }

  void start_due() {
    const SteadyTime now = clock_.steady_now();
    while (const auto target = due_.pop_due(now)) {
      rounds_[*target].started = now;
      prober_.start(ProbeRequest{.monitor = options_.monitors[*target],
                                 .id = ResultId{.slot = clock_.system_now()},
                                 .tag = *target,
                                 .role = ReachRole::operator_files});
    }
  }

  void turn(SteadyTime until) {
    prober_.before_wait(clock_.steady_now(), until);
    io_.wait(until, events_);
    prober_.handle(events_);
    gatherer_.handle(events_);
    events_.clear();
    prober_.advance(clock_.steady_now());
    gatherer_.advance(clock_.steady_now());
  }

  // A drain under way shows as a deadline within kDrainTime.
  void say_goodbye() {
    const SteadyTime until = clock_.steady_now() + kGoodbyeTime;
    for (SteadyTime now = clock_.steady_now(); !interrupted_ && now < until;
         now = clock_.steady_now()) {
      if (prober_.next_deadline() > now + kDrainTime) {
        return;
      }
      turn(std::min(prober_.next_deadline(), until));
    }
  }

  const ProbeOptions& options_;
  ProbeIo& io_;
  const Clock& clock_;
  const ProbeReport& report_;
  ReachPolicy reach_;
  size_t probe_slots_;
  Prober prober_;
  EvidenceGatherer gatherer_;
  std::unordered_map<uint64_t, std::function<void(const Attempt&)>> second_tries_;
  uint64_t next_second_try_ = 0;
  DueQueue<SteadyTime> due_;
  std::vector<Round> rounds_;
  std::vector<IoEvent> events_;
  size_t left_ = rounds_.size();
  bool interrupted_ = false;
};

}  // namespace

Result<ProbeSessionEnd> run_probe_session(const ProbeOptions& options, const ProbeReport& report) {
  const SystemClock clock;
  const ProberSettings settings;
  const size_t evidence = Session::slots_of_evidence(options);
  size_t connections = 0;
  for (const auto& monitor : options.monitors) {
    connections += connections_at_once(*monitor);
  }
  auto io = make_epoll_io(clock, std::min(connections, settings.slots_max) + evidence,
                          kDescriptorsReserved);
  if (!io) {
    return std::unexpected(io.error());
  }
  if ((*io)->capacity() <= evidence) {
    return fail(ErrorKind::io,
                "too few descriptors to look into failures; leave out -vv, or raise "
                "the limit (ulimit -n)");
  }
  auto resolver = make_resolver_pool(**io, clock, ResolverSettings{});
  if (!resolver) {
    return std::unexpected(resolver.error());
  }
  Session session(options, **io, **resolver, clock, report);
  return session.run();
}

}  // namespace tocsin::cli
