#include "probe/resolver_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tocsin {

std::expected<Resolver*, ProbeError> ResolverPool::asking(
    const std::vector<SocketAddress>& servers) {
  if (servers.empty()) {
    return usual_.get();
  }
  auto place = std::ranges::find(places_, servers, &Place::servers);
  if (place == places_.end()) {
    if (places_.size() >= kResolverSetsMax) {
      const auto oldest = std::ranges::min_element(places_, {}, [](const Place& each) {
        return each.resolver->is_asked() ? UINT64_MAX : each.asked;
      });
      if (oldest->resolver->is_asked()) {
        return std::unexpected(ProbeError{
            ErrorCode::overloaded, Phase::dns,
            fmt::format("names are being asked of {} sets of resolvers already", places_.size())});
      }
      retired_.push_back(std::move(oldest->resolver));
      places_.erase(oldest);
    }
    Result<std::unique_ptr<Resolver>> made = make_(servers);
    if (!made) {
      return std::unexpected(
          ProbeError{ErrorCode::local_resource, Phase::dns, made.error().message});
    }
    places_.push_back({.servers = servers, .resolver = std::move(*made)});
    place = places_.end() - 1;
  }
  place->asked = ++askings_;
  return place->resolver.get();
}

// By number: an answer may lead to a question, and that to another set.
void ResolverPool::drive(SteadyTime now) {
  retired_.clear();
  usual_->drive(now);
  size_t next = 0;
  while (next < places_.size()) {
    places_[next++].resolver->drive(now);
  }
}

SteadyTime ResolverPool::next_deadline() const {
  SteadyTime soonest = usual_->next_deadline();
  for (const Place& place : places_) {
    soonest = std::min(soonest, place.resolver->next_deadline());
  }
  return soonest;
}

Result<std::unique_ptr<Resolver>> make_resolver_pool(ProbeIo& io, const Clock& clock,
                                                     ResolverSettings settings) {
  const std::string canary = settings.canary;
  auto usual = make_cares_resolver(io, clock, std::move(settings));
  if (!usual) {
    return usual;
  }
  return std::make_unique<ResolverPool>(
      std::move(*usual), [&io, &clock, canary](const std::vector<SocketAddress>& servers) {
        std::vector<std::string> texts;
        texts.reserve(servers.size());
        for (const SocketAddress& server : servers) {
          texts.push_back(server.text());
        }
        return make_cares_resolver(io, clock,
                                   ResolverSettings{.servers = std::move(texts),
                                                    .canary = canary,
                                                    .hosts_file = "",
                                                    .is_monitors = true});
      });
}

}  // namespace tocsin
