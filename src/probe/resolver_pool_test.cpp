// A resolver for each set of servers, and never too many of them.
#include "probe/resolver_pool.h"

#include <gtest/gtest.h>

#include "probe/test_support.h"

namespace tocsin {
namespace {

// Is asked when the test says so.
class CountedResolver final : public Resolver {
 public:
  explicit CountedResolver(int& alive, bool& asked) : alive_(alive), asked_(asked) { ++alive_; }
  ~CountedResolver() override { --alive_; }
  CountedResolver(const CountedResolver&) = delete;
  CountedResolver& operator=(const CountedResolver&) = delete;
  std::optional<ResolveAnswer> resolve(std::string_view, AddressWish, SteadyTime, uint64_t,
                                       ResolveSink&) override {
    return std::nullopt;
  }
  [[nodiscard]] bool is_asked() const override { return asked_; }
  void cancel(uint64_t) override {}
  void drive(SteadyTime) override { ++driven; }
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }
  int driven = 0;

 private:
  int& alive_;
  bool& asked_;
};

class ResolverPoolTest : public testing::Test {
 protected:
  static std::vector<SocketAddress> servers(uint16_t number) {
    return {{.ip = *IpAddress::parse("192.0.2.53"), .port = number}};
  }
  int alive_ = 0;
  bool asked_ = false;
  Result<void> open_ = {};
  ResolverPool pool_{std::make_unique<TestResolver>(),
                     [this](const auto&) -> Result<std::unique_ptr<Resolver>> {
                       if (!open_) {
                         return std::unexpected(open_.error());
                       }
                       return std::make_unique<CountedResolver>(alive_, asked_);
                     }};
};

TEST_F(ResolverPoolTest, OneForEachSetOfServers) {
  Resolver* const usual = pool_.asking({}).value();
  Resolver* const first = pool_.asking(servers(1)).value();
  EXPECT_NE(first, usual);
  EXPECT_EQ(pool_.asking(servers(1)).value(), first);
  EXPECT_NE(pool_.asking(servers(2)).value(), first);
  EXPECT_EQ(pool_.asking({}).value(), usual);
  pool_.drive({});
  EXPECT_EQ(dynamic_cast<CountedResolver*>(first)->driven, 1);
}

TEST_F(ResolverPoolTest, TheOneAskedLongestAgoMakesRoom) {
  Resolver* const first = pool_.asking(servers(1)).value();
  for (uint16_t i = 2; i <= kResolverSetsMax + 1; ++i) {
    ASSERT_TRUE(pool_.asking(servers(i)));
    ASSERT_EQ(pool_.asking(servers(1)).value(), first) << "asked again and again, it stays";
  }
  EXPECT_EQ(pool_.size(), kResolverSetsMax);
  pool_.drive({});
  EXPECT_EQ(alive_, static_cast<int>(kResolverSetsMax));
}

// Our own limit is nobody's failure: the verdict is unknown.
TEST_F(ResolverPoolTest, WhileAllAreAtWorkThereIsNoRoom) {
  for (uint16_t i = 1; i <= kResolverSetsMax; ++i) {
    ASSERT_TRUE(pool_.asking(servers(i)));
  }
  asked_ = true;
  EXPECT_EQ(pool_.asking(servers(99)).error().code, ErrorCode::overloaded);
  EXPECT_TRUE(pool_.asking(servers(1)));
}

TEST_F(ResolverPoolTest, OneThatCannotBeMadeIsOurTrouble) {
  open_ = fail(ErrorKind::unavailable, "no descriptor is left");
  const auto none = pool_.asking(servers(1));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(),
            (ProbeError{ErrorCode::local_resource, Phase::dns, "no descriptor is left"}));
}

}  // namespace
}  // namespace tocsin
