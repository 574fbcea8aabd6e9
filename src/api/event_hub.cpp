#include "api/event_hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "api/sse.h"

namespace tocsin {
namespace {

// Replaced events keep their places until they are so many times the others; then one sweep
// removes them all.
constexpr size_t kDeadShare = 3;
constexpr size_t kSweepFrom = 64;

}  // namespace

EventHub::EventHub(std::string start, EventLimits limits)
    : start_(std::move(start)), limits_(limits) {}

std::string EventHub::id_of(Cursor cursor) const { return fmt::format("{}-{}", start_, cursor); }

void EventHub::add(Topic topic, std::string_view name, std::string_view thing,
                   std::string_view data, SteadyTime now) {
  std::string key(thing);
  replace_earlier(key);
  ++newest_;
  newest_of_[key] = newest_;
  events_.push_back({.number = newest_,
                     .topic = topic,
                     .at = now,
                     .thing = std::move(key),
                     .text = sse_event(name, id_of(newest_), data)});
  ++live_;
  bytes_ += events_.back().text.size();
  trim(now);
}

void EventHub::replace_earlier(const std::string& thing) {
  const auto known = newest_of_.find(thing);
  if (known == newest_of_.end()) {
    return;
  }
  const auto event = std::ranges::lower_bound(events_, known->second, {}, &Event::number);
  bytes_ -= event->text.size();
  --live_;
  event->text = std::string();
  newest_of_.erase(known);
}

void EventHub::trim(SteadyTime now) {
  while (!events_.empty()) {
    const Event& oldest = events_.front();
    const bool is_dead = oldest.text.empty();
    if (!is_dead && live_ <= limits_.events && bytes_ <= limits_.bytes &&
        oldest.at + limits_.age > now) {
      break;
    }
    if (!is_dead) {
      lost_ = oldest.number;
      --live_;
      bytes_ -= oldest.text.size();
      newest_of_.erase(oldest.thing);
    }
    events_.pop_front();
  }
  if (events_.size() > kSweepFrom && events_.size() > (kDeadShare + 1) * live_) {
    std::erase_if(events_, [](const Event& event) { return event.text.empty(); });
  }
}

void EventHub::lose_all() {
  events_.clear();
  newest_of_.clear();
  live_ = bytes_ = 0;
  lost_ = ++newest_;  // also for who had seen everything so far
}

std::optional<EventHub::Cursor> EventHub::resume(std::string_view last_event_id, SteadyTime now) {
  trim(now);
  const std::string begin = start_ + "-";
  if (!last_event_id.starts_with(begin)) {
    return std::nullopt;
  }
  const std::string_view digits = last_event_id.substr(begin.size());
  Cursor cursor = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), cursor);
  const bool is_number = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  if (!is_number || cursor > newest_ || cursor < lost_) {
    return std::nullopt;
  }
  return cursor;
}

EventHub::Part EventHub::reset() const {
  return {.text = sse_event("reset", id_of(newest_), "{}"), .cursor = newest_};
}

EventHub::Part EventHub::read(Cursor after, Cursor through, uint8_t topics,
                              size_t bytes_max) const {
  if (after < lost_) {
    return reset();
  }
  Part part{.text = {}, .cursor = through};
  auto event = std::ranges::upper_bound(events_, after, {}, &Event::number);
  for (; event != events_.end() && event->number <= through; ++event) {
    if (event->text.empty() || (event->topic & topics) == 0) {
      continue;
    }
    if (!part.text.empty() && part.text.size() + event->text.size() > bytes_max) {
      break;
    }
    part.text += event->text;
    part.cursor = event->number;
  }
  if (event == events_.end() || event->number > through) {
    part.cursor = through;
  }
  return part;
}

}  // namespace tocsin
