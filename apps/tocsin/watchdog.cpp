#include "watchdog.h"

#include <charconv>
#include <utility>

namespace tocsin {
namespace {

constexpr int64_t kLimitMaxUs = 24LL * 3600 * 1'000'000;  // a watchdog of more than a day is none
constexpr int64_t kSignsInALimit = 3;                     // one may come late

std::optional<int64_t> whole_number(const std::optional<std::string>& text) {
  int64_t value = 0;
  if (!text || text->empty()) {
    return std::nullopt;
  }
  const char* const end = text->data() + text->size();
  const auto [parsed, error] = std::from_chars(text->data(), end, value);
  return error == std::errc() && parsed == end ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<Duration> watchdog_limit(const std::optional<std::string>& usec,
                                       const std::optional<std::string>& pid, int64_t own_pid) {
  const auto limit = whole_number(usec);
  const bool is_for_another = pid && whole_number(pid) != own_pid;
  if (!limit || *limit < 1 || *limit > kLimitMaxUs || is_for_another) {
    return std::nullopt;
  }
  return Duration(*limit);
}

Watchdog::Watchdog(Duration limit, Post post, std::function<void()> sign)
    : limit_(limit),
      post_(std::move(post)),
      sign_(std::move(sign)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Watchdog::~Watchdog() = default;

void Watchdog::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!waits_->exchange(true)) {
      post_([waits = waits_, sign = sign_] {
        sign();
        *waits = false;
      });
    }
    stopped_.wait_for(lock, stop, limit_ / kSignsInALimit, [] { return false; });
  }
}

}  // namespace tocsin
