#include "api/idempotent_answers.h"

namespace tocsin {

IdempotentAnswers::Found IdempotentAnswers::begin(const Key& key, uint64_t request,
                                                  SteadyTime now) {
  drop_old(now);
  if (const auto known = entries_.find(key); known != entries_.end()) {
    const Entry& entry = known->second;
    const bool is_lost = !entry.answer && now - entry.begun >= kIdempotentRunningTime;
    if (!is_lost) {
      const State state = entry.request != request ? State::other_request
                          : entry.answer           ? State::answered
                                                   : State::running;
      return {state, state == State::answered ? entry.answer : std::nullopt};
    }
    drop(known);
  }
  if (entries_.size() >= kIdempotentAnswersMax) {
    drop(entries_.find(oldest_first_.front()));
  }
  oldest_first_.push_back(key);
  entries_.emplace(key, Entry{.request = request,
                              .begun = now,
                              .answer = std::nullopt,
                              .place = std::prev(oldest_first_.end())});
  return {State::fresh, std::nullopt};
}

void IdempotentAnswers::finish(const Key& key, ApiResponse answer) {
  const auto known = entries_.find(key);
  if (known == entries_.end() || known->second.answer) {
    return;
  }
  bytes_ += answer.body.size();
  known->second.answer = std::move(answer);
  make_room();
}

void IdempotentAnswers::forget(const Key& key) {
  if (const auto known = entries_.find(key); known != entries_.end()) {
    drop(known);
  }
}

void IdempotentAnswers::drop(Entries::iterator entry) {
  bytes_ -= entry->second.answer ? entry->second.answer->body.size() : 0;
  oldest_first_.erase(entry->second.place);
  entries_.erase(entry);
}

void IdempotentAnswers::drop_old(SteadyTime now) {
  while (!oldest_first_.empty()) {
    const auto oldest = entries_.find(oldest_first_.front());
    if (now - oldest->second.begun < kIdempotentTime) {
      return;
    }
    drop(oldest);
  }
}

void IdempotentAnswers::make_room() {
  while (bytes_ > kIdempotentBytesMax) {
    drop(entries_.find(oldest_first_.front()));
  }
}

}  // namespace tocsin
