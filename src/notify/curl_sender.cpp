#include "notify/curl_sender.h"

#include <curl/curl.h>
#include <signal.h>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "notify/curl_transfer.h"

namespace tocsin {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Job {
  uint64_t token = 0;
  OutgoingMessage message;
  SendSink* sink = nullptr;  // outlives the sender's outcomes, see ports/sender.h
  SteadyClock::time_point since;
};

struct CloseMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// libcurl's own global state, counted by itself.
class CurlLibrary {
 public:
  CurlLibrary() : ready_(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {}
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
  ~CurlLibrary() {
    if (ready_) {
      curl_global_cleanup();
    }
  }
  [[nodiscard]] bool ready() const { return ready_; }

 private:
  bool ready_;
};

// Signals belong to the main thread, and a receiver that closes early must not end us by SIGPIPE: a
// new thread takes this mask over.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

class CurlSender final : public Sender {
 public:
  CurlSender(Mailbox& mailbox, const ReachPolicy& reach, CurlSenderSettings settings)
      : mailbox_(mailbox), reach_(reach), settings_(settings) {}
  CurlSender(const CurlSender&) = delete;
  CurlSender& operator=(const CurlSender&) = delete;

  ~CurlSender() override {
    if (thread_.joinable()) {
      {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
      }
      curl_multi_wakeup(multi_.get());
      thread_.join();
    }
  }

  Result<void> start() {
    if (library_.ready()) {
      multi_.reset(curl_multi_init());
    }
    if (!multi_) {
      return fail(ErrorKind::unavailable, "libcurl cannot be started; notices cannot be sent");
    }
    const AllSignalsBlocked blocked;
    thread_ = std::thread([this] { run(); });
    return {};
  }

  void send(uint64_t token, OutgoingMessage message, SendSink& sink) override {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() < settings_.waiting_max) {
        waiting_.push_back({token, std::move(message), &sink, SteadyClock::now()});
        curl_multi_wakeup(multi_.get());
        return;
      }
    }
    answer(token, sink, busy());
  }

 private:
  static Duration waited_of(const Job& job) {
    return std::chrono::duration_cast<Duration>(SteadyClock::now() - job.since);
  }
  static std::optional<Duration> within_of(const OutgoingMessage& message) {
    return std::visit([](const auto& one) { return one.within; }, message);
  }
  // What a message asks for counts from the moment it came.
  static void take_off_waiting(Job& job) {
    if (const auto within = within_of(job.message)) {
      const Duration left = std::max<Duration>(*within - waited_of(job), 1ms);
      std::visit([&](auto& one) { one.within = left; }, job.message);
    }
  }

  static SendOutcome busy() {
    return {.kind = SendOutcome::Kind::retry,
            .result = "busy: too many messages are on their way at once"};
  }

  void answer(uint64_t token, SendSink& sink, SendOutcome outcome) {
    mailbox_.post(
        [token, to = &sink, outcome = std::move(outcome)] { to->on_sent(token, outcome); });
  }

  // --- on the thread
  void run() {
    // Libcurl wakes earlier for its own timers, sockets and curl_multi_wakeup.
    constexpr int kPollMs = 1000;
    while (start_waiting()) {
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      collect();
      curl_multi_poll(multi_.get(), nullptr, 0, kPollMs, nullptr);
    }
    for (const auto& [handle, transfer] : active_) {
      curl_multi_remove_handle(multi_.get(), handle);
    }
    active_.clear();
  }

  // False: the sender is being destroyed.
  bool start_waiting() {
    while (true) {
      Job job;
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
          return false;
        }
        if (waiting_.empty() || (active_.size() >= settings_.transfers_max && !front_is_late())) {
          return true;
        }
        job = std::move(waiting_.front());
        waiting_.pop_front();
      }
      if (is_late(job)) {
        answer(job.token, *job.sink, busy());
      } else {
        begin(std::move(job));
      }
    }
  }

  // A message that waited for its whole time here gives its place up.
  [[nodiscard]] bool is_late(const Job& job) const {
    const Duration waited = waited_of(job);
    return waited > settings_.patience || waited >= within_of(job.message).value_or(waited + 1us);
  }
  [[nodiscard]] bool front_is_late() const { return is_late(waiting_.front()); }

  void begin(Job job) {
    take_off_waiting(job);
    auto transfer = std::make_unique<CurlTransfer>(job.token, *job.sink, std::move(job.message),
                                                   reach_, settings_);
    if (auto outcome = transfer->prepare()) {
      answer(job.token, *job.sink, std::move(*outcome));
      return;
    }
    CURL* const handle = transfer->handle();
    if (curl_multi_add_handle(multi_.get(), handle) != CURLM_OK) {
      answer(job.token, *job.sink, busy());
      return;
    }
    active_.emplace(handle, std::move(transfer));
  }

  void collect() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) {
        continue;
      }
      const CURLcode code = message->data.result;
      const auto found = active_.find(message->easy_handle);
      if (found == active_.end()) {
        continue;
      }
      const std::unique_ptr<CurlTransfer> transfer = std::move(found->second);
      active_.erase(found);
      curl_multi_remove_handle(multi_.get(), transfer->handle());
      answer(transfer->token(), transfer->sink(), transfer->outcome(code));
    }
  }

  Mailbox& mailbox_;
  const ReachPolicy& reach_;
  const CurlSenderSettings settings_;
  CurlLibrary library_;
  std::unique_ptr<CURLM, CloseMulti> multi_;

  std::mutex mutex_;
  std::deque<Job> waiting_;  // guarded
  bool stopping_ = false;    // guarded

  std::map<CURL*, std::unique_ptr<CurlTransfer>> active_;  // of the thread
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Sender>> make_curl_sender(Mailbox& mailbox, const ReachPolicy& reach,
                                                 CurlSenderSettings settings) {
  auto sender = std::make_unique<CurlSender>(mailbox, reach, settings);
  if (Result<void> started = sender->start(); !started) {
    return std::unexpected(std::move(started.error()));
  }
  return std::unique_ptr<Sender>(std::move(sender));
}

}  // namespace tocsin
