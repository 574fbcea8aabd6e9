#include "core/address_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace tocsin {
namespace {

constexpr size_t kShownMax = 4;  // addresses of one side of a sentence

bool is_same_set(std::span<const IpAddress> a, const std::vector<IpAddress>& b) {
  return a.size() == b.size() && std::ranges::is_permutation(a, b);
}

AddressStep step_to(AddressMemory memory, bool to_disk,
                    std::optional<AddressMove> moved = std::nullopt) {
  return {.after = {std::make_shared<const AddressMemory>(std::move(memory))},
          .to_disk = to_disk,
          .moved = std::move(moved)};
}

AddressStep no_news(const KeptAddresses& before) {
  return {.after = before, .to_disk = false, .moved = {}};
}

bool is_recent(SystemTime then, SystemTime now) { return now - then < kMovesForget; }

// The set that was seen takes the place of the one that counted.
AddressStep move(AddressMemory memory, SystemTime now) {
  std::erase_if(memory.moves, [&](SystemTime then) { return !is_recent(then, now); });
  // Who has moved so often is told again only after a day at one place.
  const bool is_restless = memory.moves.size() >= kMovesRemembered;
  AddressMove moved{.from = std::exchange(memory.told, std::exchange(memory.seen, {})), .to = {}};
  moved.to = memory.told;
  memory.since = std::exchange(memory.seen_since, {});
  memory.moves.push_back(now);
  if (memory.moves.size() > kMovesRemembered) {
    memory.moves.erase(memory.moves.begin());
  }
  if (is_restless) {
    return step_to(std::move(memory), true);
  }
  memory.newest = moved;
  return step_to(std::move(memory), true, std::move(moved));
}

std::string list_text(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (size_t i = 0; i < std::min(addresses.size(), kShownMax); ++i) {
    text += (i == 0 ? "" : ", ") + addresses[i].text();
  }
  if (addresses.size() > kShownMax) {
    text += fmt::format(" and {} more", addresses.size() - kShownMax);
  }
  return text;
}

}  // namespace

AddressStep watch_addresses(const KeptAddresses& before, std::span<const IpAddress> named,
                            SystemTime now) {
  if (named.empty()) {
    return no_news(before);
  }
  std::vector<IpAddress> set(named.begin(), named.end());
  std::ranges::sort(set);
  if (!before.memory) {
    return step_to(
        {.told = std::move(set), .since = now, .seen = {}, .seen_since = {}, .moves = {}}, true);
  }
  const AddressMemory& known = *before.memory;
  const bool is_told = is_same_set(named, known.told);
  if (is_told && known.seen.empty()) {
    return no_news(before);
  }
  AddressMemory memory = known;
  if (is_told) {
    memory.seen.clear();
    memory.seen_since = {};
    return step_to(std::move(memory), false);
  }
  // A clock that was set back begins the wait anew.
  if (!is_same_set(named, known.seen) || now < known.seen_since) {
    memory.seen = std::move(set);
    memory.seen_since = now;
    return step_to(std::move(memory), false);
  }
  if (now - known.seen_since < kMoveSettles) {
    return no_news(before);
  }
  return move(std::move(memory), now);
}

std::string address_move_text(const AddressMove& move) {
  return fmt::format("{} → {}", list_text(move.from), list_text(move.to));
}

}  // namespace tocsin
