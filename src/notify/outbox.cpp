#include "notify/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "notify/backoff.h"
#include "notify/message.h"
#include "notify/safe_text.h"

namespace tocsin {
namespace {

constexpr size_t kResultBytesMax = 500;  // what delivery.h promises of a result
// Place of a delivery within its incident.
using Place = std::pair<uint32_t, std::string>;  // event number, delivery key

struct Waiting {
  Delivery delivery;
  SteadyTime due{};
  bool out_of_turn = false;  // the next attempt comes before its time, because the channel changed
};
using Queue = std::map<Place, Waiting>;

struct InFlight {
  std::string queue;
  Place place;
  SystemTime at{};
  bool is_outdated = false;  // the channel was changed meanwhile
};

// All that waits for one channel: a queue per incident, whose first entry alone may be sent, and
// the first entries by due time.
struct Lane {
  std::map<std::string, Queue> queues;
  std::set<std::pair<SteadyTime, std::string>> heads;
  std::optional<InFlight> in_flight;
  Outbox::Counters counters;
};

// Events of one incident go out in order; one without an incident (a test) waits for no other.
std::string queue_of(const Delivery& delivery) {
  return delivery.event.incident.value.empty() ? delivery.key : delivery.event.incident.value;
}

}  // namespace

class Outbox::Impl {
 public:
  Impl(Sender& sender, const Clock& clock, Random& random, Record record, SendSink& sink)
      : sender_(sender), clock_(clock), random_(random), record_(std::move(record)), sink_(sink) {}

  void set_channels(std::map<std::string, Channel> channels) {
    const std::map<std::string, Channel> before = std::exchange(channels_, std::move(channels));
    channels_known_ = true;
    for (auto& [id, lane] : lanes_) {
      const auto now_known = channels_.find(id);
      const auto was_known = before.find(id);
      if (now_known == channels_.end()) {
        bury_all(id, lane);
      } else if (was_known != before.end() &&
                 !same_definition(was_known->second, now_known->second)) {
        make_due(lane);
      }
    }
  }

  void add(Delivery delivery) {
    if (delivery.state != DeliveryState::waiting) {
      return;
    }
    Lane& lane = lanes_[delivery.channel];
    const std::string queue_id = queue_of(delivery);
    const Place place{delivery.event.number, delivery.key};
    // A wall clock that jumped back since this was written must not put it off.
    const Duration wait =
        std::clamp<Duration>(delivery.next_attempt - clock_.system_now(), Duration(0),
                             longest_delivery_wait(delivery.attempts));
    Waiting waiting{.delivery = std::move(delivery), .due = clock_.steady_now() + wait};
    unlist(lane, queue_id);
    lane.queues[queue_id].try_emplace(place, std::move(waiting));
    list(lane, queue_id);
  }

  void advance(SteadyTime now) {
    if (!channels_known_) {
      return;
    }
    for (auto& [id, lane] : lanes_) {
      while (!lane.in_flight && !lane.heads.empty() && lane.heads.begin()->first <= now) {
        send_first(id, lane);
      }
    }
  }

  [[nodiscard]] SteadyTime next_deadline() const {
    SteadyTime next = kNever;
    if (channels_known_) {
      for (const auto& [id, lane] : lanes_) {
        if (!lane.in_flight && !lane.heads.empty()) {
          next = std::min(next, lane.heads.begin()->first);
        }
      }
    }
    return next;
  }

  [[nodiscard]] size_t waiting() const {
    size_t count = 0;
    for (const auto& [id, lane] : lanes_) {
      count += waiting_in(lane);
    }
    return count;
  }

  [[nodiscard]] size_t waiting(const std::string& channel) const {
    const auto lane = lanes_.find(channel);
    return lane == lanes_.end() ? 0 : waiting_in(lane->second);
  }

  [[nodiscard]] Counters counters(const std::string& channel) const {
    const auto lane = lanes_.find(channel);
    return lane == lanes_.end() ? Counters{} : lane->second.counters;
  }

  [[nodiscard]] Counters total() const {
    Counters sum;
    for (const auto& [id, lane] : lanes_) {
      sum.delivered += lane.counters.delivered;
      sum.failed_attempts += lane.counters.failed_attempts;
      sum.dead += lane.counters.dead;
    }
    return sum;
  }

  void on_sent(uint64_t token, const SendOutcome& outcome) {
    const auto found = tokens_.find(token);
    CHECK(found != tokens_.end(), "the sender answers each token once");
    const std::string channel = found->second;
    tokens_.erase(found);
    Lane& lane = lanes_.at(channel);
    const InFlight attempt = *std::exchange(lane.in_flight, std::nullopt);
    finish(channel, lane, attempt, outcome);
  }

 private:
  static size_t waiting_in(const Lane& lane) {
    size_t count = 0;
    for (const auto& [incident, queue] : lane.queues) {
      count += queue.size();
    }
    return count;
  }

  // The first entry of every queue stands in `heads`: unlist before a queue changes, list behind
  // it.
  static void unlist(Lane& lane, const std::string& queue_id) {
    if (const auto queue = lane.queues.find(queue_id); queue != lane.queues.end()) {
      lane.heads.erase({queue->second.begin()->second.due, queue_id});
    }
  }
  static void list(Lane& lane, const std::string& queue_id) {
    const auto queue = lane.queues.find(queue_id);
    if (queue != lane.queues.end() && queue->second.empty()) {
      lane.queues.erase(queue);
    } else if (queue != lane.queues.end()) {
      lane.heads.emplace(queue->second.begin()->second.due, queue_id);
    }
  }

  void send_first(const std::string& channel_id, Lane& lane) {
    const std::string queue_id = lane.heads.begin()->second;
    const auto& [place, first] = *lane.queues.at(queue_id).begin();
    const InFlight attempt{queue_id, place, clock_.system_now()};
    const auto channel = channels_.find(channel_id);
    if (channel == channels_.end()) {
      bury(channel_id, lane, attempt);
      return;
    }
    Result<OutgoingMessage> message = make_message(channel->second, first.delivery, attempt.at);
    if (!message) {
      // A channel's definition can be repaired, a damaged notice cannot.
      const auto kind = message.error().kind == ErrorKind::corrupt ? SendOutcome::Kind::rejected
                                                                   : SendOutcome::Kind::retry;
      finish(channel_id, lane, attempt, {.kind = kind, .result = message.error().message});
      return;
    }
    const uint64_t token = ++last_token_;
    lane.in_flight = attempt;
    tokens_.emplace(token, channel_id);
    sender_.send(token, std::move(*message), sink_);
  }

  // The attempt is over: keeps it, and decides what becomes of its delivery.
  void finish(const std::string& channel_id, Lane& lane, const InFlight& attempt,
              const SendOutcome& outcome) {
    unlist(lane, attempt.queue);
    Queue& queue = lane.queues.at(attempt.queue);
    const auto entry = queue.find(attempt.place);
    Delivery& delivery = entry->second.delivery;
    delivery.attempts += 1;
    delivery.last_result = cut_text(outcome.result, kResultBytesMax);
    const bool delivered = outcome.kind == SendOutcome::Kind::delivered;
    const DeliveryAttempt tried{.key = delivery.key,
                                .number = delivery.attempts,
                                .at = attempt.at,
                                .took = outcome.took,
                                .ok = delivered,
                                .result = delivery.last_result};
    lane.counters.failed_attempts += delivered ? 0 : 1;
    if (delivered) {
      end(lane, delivery, DeliveryState::delivered);
    } else if (attempt.is_outdated && channels_.contains(channel_id)) {
      try_again_now(entry->second);
    } else if (outcome.kind == SendOutcome::Kind::rejected) {
      end(lane, delivery, DeliveryState::dead);
    } else {
      retry_or_bury(channel_id, lane, entry->second, outcome.retry_after);
    }
    const Delivery changed = delivery;
    lane.counters.last_result = changed.last_result;
    if (changed.state != DeliveryState::waiting) {
      queue.erase(entry);
    }
    list(lane, attempt.queue);
    record_(changed, tried);
  }

  // What failed was the channel as it was; the change may be the repair.
  void try_again_now(Waiting& waiting) {
    waiting.delivery.next_attempt = clock_.system_now();
    waiting.due = clock_.steady_now();
    waiting.out_of_turn = true;
  }

  void retry_or_bury(const std::string& channel_id, Lane& lane, Waiting& waiting,
                     std::optional<Duration> retry_after) {
    Delivery& delivery = waiting.delivery;
    const SystemTime now = clock_.system_now();
    // Somebody is at work on the channel: however often it is changed, the last attempt is one that
    // was waited for.
    const bool in_turn = !std::exchange(waiting.out_of_turn, false);
    const uint32_t failed =
        in_turn ? delivery.attempts : std::min(delivery.attempts, kDeliveryAttemptsMax - 2);
    const auto next = next_delivery_attempt(failed, retry_after, now, random_.next());
    if (!channels_.contains(channel_id)) {
      delivery.last_result = removed_words(channel_id);
      end(lane, delivery, DeliveryState::dead);
    } else if (!next) {
      delivery.last_result = cut_text(fmt::format("given up after {} attempts; the last: {}",
                                                  delivery.attempts, delivery.last_result),
                                      kResultBytesMax);
      end(lane, delivery, DeliveryState::dead);
    } else {
      delivery.next_attempt = *next;
      waiting.due = clock_.steady_now() + (*next - now);
    }
  }

  void end(Lane& lane, Delivery& delivery, DeliveryState state) {
    delivery.state = state;
    delivery.finished = clock_.system_now();
    (state == DeliveryState::delivered ? lane.counters.delivered : lane.counters.dead) += 1;
  }

  // Ends a delivery that is never tried again because its channel is gone.
  void bury(const std::string& channel_id, Lane& lane, const InFlight& where) {
    unlist(lane, where.queue);
    Queue& queue = lane.queues.at(where.queue);
    const auto entry = queue.find(where.place);
    Delivery delivery = std::move(entry->second.delivery);
    queue.erase(entry);
    list(lane, where.queue);
    delivery.last_result = removed_words(channel_id);
    lane.counters.last_result = delivery.last_result;
    end(lane, delivery, DeliveryState::dead);
    record_(delivery, std::nullopt);
  }

  // What is in flight stays: its outcome is still to come.
  void bury_all(const std::string& channel_id, Lane& lane) {
    std::vector<InFlight> all;
    for (const auto& [queue_id, queue] : lane.queues) {
      for (const auto& [place, waiting] : queue) {
        if (!lane.in_flight || lane.in_flight->place != place) {
          all.push_back({queue_id, place, {}});
        }
      }
    }
    for (const InFlight& one : all) {
      bury(channel_id, lane, one);
    }
  }

  void make_due(Lane& lane) {
    const SteadyTime now = clock_.steady_now();
    if (lane.in_flight) {
      lane.in_flight->is_outdated = true;
    }
    lane.heads.clear();
    for (auto& [queue_id, queue] : lane.queues) {
      for (auto& [place, waiting] : queue) {
        waiting.out_of_turn = waiting.out_of_turn || now < waiting.due;
        waiting.due = std::min(waiting.due, now);
      }
      list(lane, queue_id);
    }
  }

  static std::string removed_words(const std::string& channel_id) {
    return fmt::format("channel \"{}\" is no longer in the configuration",
                       shown_line(channel_id, 100));
  }

  Sender& sender_;
  const Clock& clock_;
  Random& random_;
  Record record_;
  SendSink& sink_;
  bool channels_known_ = false;
  std::map<std::string, Channel> channels_;
  std::map<std::string, Lane> lanes_;
  std::map<uint64_t, std::string> tokens_;  // of attempts in flight: the channel
  uint64_t last_token_ = 0;
};

Outbox::Outbox(Sender& sender, const Clock& clock, Random& random, Record record)
    : impl_(std::make_unique<Impl>(sender, clock, random, std::move(record),
                                   static_cast<SendSink&>(*this))) {}
Outbox::~Outbox() = default;

void Outbox::set_channels(std::map<std::string, Channel> channels) {
  impl_->set_channels(std::move(channels));
}
void Outbox::add(Delivery delivery) { impl_->add(std::move(delivery)); }
void Outbox::advance(SteadyTime now) { impl_->advance(now); }
SteadyTime Outbox::next_deadline() const { return impl_->next_deadline(); }
size_t Outbox::waiting() const { return impl_->waiting(); }
size_t Outbox::waiting(const std::string& channel) const { return impl_->waiting(channel); }
Outbox::Counters Outbox::counters(const std::string& channel) const {
  return impl_->counters(channel);
}
Outbox::Counters Outbox::total() const { return impl_->total(); }
void Outbox::on_sent(uint64_t token, const SendOutcome& outcome) { impl_->on_sent(token, outcome); }

}  // namespace tocsin
