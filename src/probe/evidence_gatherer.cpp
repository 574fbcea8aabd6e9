#include "probe/evidence_gatherer.h"

#include <algorithm>
#include <utility>

namespace tocsin {
namespace {

constexpr size_t kShareOfSlots = 8;
// Tokens of the resolver above it are ours; those of the prober never get there.
constexpr uint64_t kTokens = uint64_t{1} << 63;

}  // namespace

size_t evidence_slots(size_t capacity) {
  return std::min(capacity / kShareOfSlots / kEvidenceSlots, kEvidenceBundlesMax) * kEvidenceSlots;
}

EvidenceGatherer::EvidenceGatherer(ProbeIo& io, Resolver& resolver, const Clock& clock,
                                   const ReachPolicy& reach, TryAgain try_again, SlotIndex first,
                                   size_t count, std::vector<IpAddress> sources)
    : resolver_(resolver),
      clock_(clock),
      tools_{io, clock, reach, std::move(sources)},
      try_again_(std::move(try_again)),
      first_(first),
      places_(count / kEvidenceSlots) {}

bool EvidenceGatherer::gather(EvidenceRequest request, Done done) {
  const auto free = std::ranges::find_if(places_, [](const Place& each) { return !each.bundle; });
  if (free == places_.end()) {
    return false;
  }
  const auto nth = static_cast<size_t>(free - places_.begin());
  free->bundle =
      std::make_unique<EvidenceBundle>(++numbers_, std::move(request), tools_,
                                       static_cast<SlotIndex>(first_ + nth * kEvidenceSlots));
  free->done = std::move(done);
  EvidenceBundle& bundle = *free->bundle;
  bundle.start();
  if (bundle.request().plan.name) {
    ask_name(*free);
  }
  if (bundle.request().plan.second_try) {
    start_second_try(bundle);
  }
  return true;
}

void EvidenceGatherer::ask_name(Place& place) {
  EvidenceBundle& bundle = *place.bundle;
  const auto resolver = resolver_.asking(bundle.request().monitor->resolver);
  if (!resolver) {
    bundle.on_answer({.error = resolver.error()});
    return;
  }
  place.asked = *resolver;
  const auto answer =
      place.asked->ask_now(bundle.request().monitor->target.host(), AddressWish::both,
                           bundle.ends(), kTokens | bundle.number(), *this);
  if (answer) {
    bundle.on_answer(*answer);
  } else {
    bundle.await_name();
  }
}

void EvidenceGatherer::start_second_try(const EvidenceBundle& bundle) {
  auto again = std::make_shared<Monitor>(*bundle.request().monitor);
  again->timeout = std::min<Duration>(again->timeout, kSecondTryTime);
  try_again_(std::move(again), bundle.request().role, bundle.request().plan.asks_anew,
             [this, number = bundle.number()](const Attempt& attempt) {
               if (EvidenceBundle* const still = find(number)) {
                 still->on_second_try(attempt);
               }
             });
}

EvidenceBundle* EvidenceGatherer::find(uint64_t number) {
  for (const Place& place : places_) {
    if (place.bundle && place.bundle->number() == number) {
      return place.bundle.get();
    }
  }
  return nullptr;
}

void EvidenceGatherer::on_resolved(uint64_t token, const ResolveAnswer& answer) {
  EvidenceBundle* const bundle = find(token & ~kTokens);
  if (bundle != nullptr && bundle->awaits_name()) {  // else the other family, too late to knock at
    bundle->on_answer(answer);
  }
}

void EvidenceGatherer::handle(std::span<const IoEvent> events) {
  for (const IoEvent& event : events) {
    if (event.slot < first_ || event.slot - first_ >= places_.size() * kEvidenceSlots) {
      continue;
    }
    const Place& place = places_[(event.slot - first_) / kEvidenceSlots];
    if (place.bundle) {
      place.bundle->on_event(event);
    }
  }
}

void EvidenceGatherer::advance(SteadyTime now) {
  for (Place& place : places_) {
    if (place.bundle) {
      place.bundle->advance(now);
      finish_if_over(place, now);
    }
  }
}

void EvidenceGatherer::finish_if_over(Place& place, SteadyTime now) {
  if (!place.bundle->is_over(now)) {
    return;
  }
  const std::unique_ptr<EvidenceBundle> bundle = std::move(place.bundle);
  if (bundle->awaits_name()) {
    place.asked->cancel(kTokens | bundle->number());
  }
  const Done done = std::exchange(place.done, nullptr);
  done(bundle->finish(now));
}

SteadyTime EvidenceGatherer::next_deadline() const {
  SteadyTime soonest = kNever;
  for (const Place& place : places_) {
    if (place.bundle) {
      soonest = std::min(soonest, place.bundle->is_over(clock_.steady_now())
                                      ? clock_.steady_now()
                                      : place.bundle->next_deadline());
    }
  }
  return soonest;
}

size_t EvidenceGatherer::under_way() const {
  return static_cast<size_t>(
      std::ranges::count_if(places_, [](const Place& each) { return each.bundle != nullptr; }));
}

}  // namespace tocsin
