// ResolverPool: a resolver for each set of servers that some monitor names, each with a cache of
// its own, beside the one that serves all others. Made when first asked, bounded, and of those that
// nobody waits for the one asked longest ago makes room.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/result.h"
#include "ports/resolver.h"
#include "probe/cares_resolver.h"

namespace tocsin {

// Different sets at once. Each has up to two sockets for each of its servers, and its cache.
inline constexpr size_t kResolverSetsMax = 64;

class ResolverPool final : public Resolver {
 public:
  using Make = std::function<Result<std::unique_ptr<Resolver>>(const std::vector<SocketAddress>&)>;

  // `usual` serves who names no servers.
  ResolverPool(std::unique_ptr<Resolver> usual, Make make)
      : usual_(std::move(usual)), make_(std::move(make)) {}

  std::optional<ResolveAnswer> resolve(std::string_view name, AddressWish wish, SteadyTime deadline,
                                       uint64_t token, ResolveSink& sink) override {
    return usual_->resolve(name, wish, deadline, token, sink);
  }
  std::optional<ResolveAnswer> ask_now(std::string_view name, AddressWish wish, SteadyTime deadline,
                                       uint64_t token, ResolveSink& sink) override {
    return usual_->ask_now(name, wish, deadline, token, sink);
  }
  std::expected<Resolver*, ProbeError> asking(const std::vector<SocketAddress>& servers) override;
  [[nodiscard]] bool is_asked() const override { return usual_->is_asked(); }
  void cancel(uint64_t token) override { usual_->cancel(token); }
  void drive(SteadyTime now) override;
  [[nodiscard]] SteadyTime next_deadline() const override;

  [[nodiscard]] size_t size() const { return places_.size(); }

 private:
  struct Place {
    std::vector<SocketAddress> servers;
    std::unique_ptr<Resolver> resolver;
    uint64_t asked = 0;  // grows with each asking
  };

  std::unique_ptr<Resolver> usual_;
  Make make_;
  std::vector<Place> places_;
  std::vector<std::unique_ptr<Resolver>> retired_;  // may be on the stack until the next drive()
  uint64_t askings_ = 0;
};

// As make_cares_resolver, with resolvers of c-ares for other servers too. Those read no hosts file:
// who names a resolver wants to know what that one says.
Result<std::unique_ptr<Resolver>> make_resolver_pool(ProbeIo& io, const Clock& clock,
                                                     ResolverSettings settings);

}  // namespace tocsin
