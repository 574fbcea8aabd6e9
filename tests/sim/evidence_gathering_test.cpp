// Why a port is silent, found out on a simulated network: what one bundle finds, and how it is
// told.
#include <gtest/gtest.h>

#include <cerrno>
#include <optional>

#include "core/evaluate.h"
#include "core/evidence_text.h"
#include "probe/evidence_gatherer.h"
#include "probe/prober.h"
#include "sim/sim_network.h"
#include "sim/sim_resolver.h"

namespace tocsin::sim {
namespace {

// A prober and a gatherer beside each other, as every owner runs them.
class EvidenceGathering : public testing::Test, public ProbeSink {
 protected:
  static constexpr size_t kProberSlots = 8;

  Behaviour& service(const std::string& address) { return network_.service(address); }
  void silent(const std::string& address) { service(address).connect = Behaviour::Connect::silent; }
  static std::shared_ptr<Monitor> monitor_of(const std::string& target) {
    auto monitor = std::make_shared<Monitor>();
    monitor->target = Target::parse(target).value();
    monitor->timeout = 3s;
    return monitor;
  }
  Attempt probe(const std::shared_ptr<const Monitor>& monitor) {
    std::optional<Attempt> result;
    try_again(monitor, ReachRole::operator_files, false,
              [&](const Attempt& attempt) { result = attempt; });
    run_until([&] { return result.has_value(); });
    return *result;
  }
  // Probes, and looks into the failure that this is.
  Evidence look_into(const std::string& target, std::optional<IpAddress> last_good = {},
                     Duration within = 1s) {
    const auto monitor = monitor_of(target);
    failure_ = probe(monitor);
    EXPECT_EQ(failure_.evaluation.verdict, Verdict::failed);
    std::optional<Evidence> found;
    began_ = clock_.steady_now();
    EXPECT_TRUE(gatherer_.gather({.monitor = monitor,
                                  .plan = plan_evidence(*monitor, failure_),
                                  .remote = failure_.result.remote,
                                  .last_good = last_good},
                                 [&](const Evidence& evidence) { found = evidence; }));
    run_until([&] { return found.has_value(); });
    EXPECT_LE(clock_.steady_now() - began_, within);
    EXPECT_EQ(gatherer_.under_way(), 0U);
    summary_ = evidence_summary(*found, *failure_.evaluation.error, monitor->target);
    return *found;
  }
  void run_until(const std::function<bool()>& is_done) {
    const SteadyTime end = clock_.steady_now() + 10s;
    std::vector<IoEvent> events;
    size_t turns = 0;
    while (!is_done()) {
      ASSERT_LT(clock_.steady_now(), end) << "nothing happened for 10 s";
      ASSERT_LT(++turns, 10'000U) << "the loop turns without time passing";
      const SteadyTime until = std::min({prober_.next_deadline(), gatherer_.next_deadline(), end});
      prober_.before_wait(clock_.steady_now(), until);
      events.clear();
      network_.wait(until, events);
      prober_.handle(events);
      gatherer_.handle(events);
      prober_.advance(clock_.steady_now());
      gatherer_.advance(clock_.steady_now());
    }
  }
  void try_again(std::shared_ptr<const Monitor> monitor, ReachRole role, bool asks_anew,
                 std::function<void(const Attempt&)> done) {
    waiting_.push_back(std::move(done));
    prober_.start({.monitor = std::move(monitor),
                   .tag = waiting_.size() - 1,
                   .role = role,
                   .asks_anew = asks_anew});
  }
  void on_probe(uint64_t tag, const std::shared_ptr<const Monitor>& monitor,
                ProbeResult&& result) override {
    Attempt attempt{.result = std::move(result)};
    attempt.evaluation = evaluate(*monitor, attempt.result);
    waiting_.at(tag)(attempt);
  }

  SimClock clock_;
  SimNetwork network_{clock_};
  SimResolver resolver_{clock_, network_};
  ReachPolicy reach_;
  Prober prober_{network_, resolver_, clock_,
                 reach_,   *this,     ProberSettings{.slots_max = kProberSlots}};
  EvidenceGatherer gatherer_{network_,
                             resolver_,
                             clock_,
                             reach_,
                             [this](std::shared_ptr<const Monitor> monitor, ReachRole role,
                                    bool asks_anew, std::function<void(const Attempt&)> done) {
                               try_again(std::move(monitor), role, asks_anew, std::move(done));
                             },
                             kProberSlots,
                             2 * kEvidenceSlots};
  std::vector<std::function<void(const Attempt&)>> waiting_;
  Attempt failure_;
  SteadyTime began_{};
  std::string summary_;
};

// A firewall on the host: the port is silent, the machine is not.
TEST_F(EvidenceGathering, ASilentPortOfALivingHost) {
  network_.host("10.0.9.9").path = {"10.0.0.1", "10.0.1.1"};
  silent("10.0.9.9:443");
  const Evidence found = look_into("10.0.9.9:443");
  ASSERT_TRUE(found.closed_port);
  EXPECT_EQ(found.closed_port->to.text(), "10.0.9.9:1");
  EXPECT_EQ(found.closed_port->answer, KnockAnswer::refused);
  ASSERT_TRUE(found.walk);
  EXPECT_EQ(found.walk->hops.size(), 2U);
  EXPECT_EQ(found.walk->tried, 16);
  EXPECT_FALSE(found.walk->reached);
  EXPECT_EQ(found.second_try->error, ErrorCode::timeout);
  EXPECT_EQ(found.second_try->took, kSecondTryTime);
  EXPECT_EQ(found.second_try->allowed, 3s);
  EXPECT_TRUE(found.second_try->sentence.ends_with(" within 850 ms. The monitor allows 3.00 s."))
      << found.second_try->sentence;
  EXPECT_EQ(summary_,
            "The host answers (port 1 refused at once), port 443 is silent; the last hop that "
            "answered is 10.0.1.1, 2 hops away.");
}

// Nobody is there, and the way ends somewhere: the sentence names where.
TEST_F(EvidenceGathering, ADeadHostBehindASilentRouter) {
  network_.host("10.0.9.9") = {.off = true, .path = {"10.0.0.1", "", "10.0.2.1"}};
  const Evidence found = look_into("10.0.9.9:443");
  EXPECT_EQ(found.closed_port->answer, KnockAnswer::silence);
  ASSERT_EQ(found.walk->hops.size(), 2U);
  EXPECT_EQ(found.walk->hops.back().number, 3);
  EXPECT_EQ(
      summary_,
      "The host is silent at port 1 too; the last hop that answered is 10.0.2.1, 3 hops away.");
}

// The router itself says no: type, code and sender are kept, and nobody walks to where it is known
// that the way ends.
TEST_F(EvidenceGathering, AWordOfARouter) {
  const IcmpNotice prohibited{.from = *IpAddress::parse("10.0.0.1"), .type = 3, .code = 13};
  for (const char* const port : {"10.0.9.9:443", "10.0.9.9:1"}) {
    service(port).connect = Behaviour::Connect::host_unreachable;
    service(port).icmp = prohibited;
  }
  const Evidence found = look_into("10.0.9.9:443");
  EXPECT_EQ(failure_.evaluation.error->code, ErrorCode::admin_prohibited);
  EXPECT_EQ(found.closed_port->answer, KnockAnswer::icmp);
  EXPECT_EQ(found.closed_port->icmp, prohibited);
  EXPECT_FALSE(found.walk);
  EXPECT_EQ(summary_, "10.0.0.1 says the same of port 1.");
}

// The port is silent, and the walk meets a router that says why: that is where the way ends.
TEST_F(EvidenceGathering, AWalkEndsWhereARouterSaysNo) {
  silent("10.0.9.9:443");
  network_.host("10.0.9.9").path = {"10.0.0.1", "10.0.1.1"};
  network_.schedule(clock_.steady_now() + 3s, [&] {
    network_.host("10.0.9.9").path = {"10.0.0.1"};
    service("10.0.9.9:443").connect = Behaviour::Connect::host_unreachable;
    service("10.0.9.9:443").icmp =
        IcmpNotice{.from = *IpAddress::parse("10.0.1.1"), .type = 3, .code = 1};
  });
  const Evidence found = look_into("10.0.9.9:443");
  ASSERT_EQ(found.walk->hops.size(), 2U);
  EXPECT_NE(summary_.find("the way ends at 10.0.1.1, 2 hops away: it cannot reach the host."),
            std::string::npos)
      << summary_;
}

// One family refuses, the other serves: whoever reads it knows where to look.
TEST_F(EvidenceGathering, ARefusalOnOneFamilyOnly) {
  resolver_.addresses("db.example.com", {"10.0.0.5", "fd00::5"});
  service("10.0.0.5:5432").connect = Behaviour::Connect::refused;
  service("[fd00::5]:5432");
  const Evidence found = look_into("db.example.com:5432");
  EXPECT_EQ(failure_.evaluation.error->code, ErrorCode::tcp_refused);
  EXPECT_FALSE(found.closed_port);  // a reset is an answer: the host lives
  EXPECT_FALSE(found.walk);
  ASSERT_EQ(found.others.size(), 1U);
  EXPECT_EQ(found.others[0].answer, KnockAnswer::open);
  EXPECT_EQ(summary_, "The same port opens at another address of the name: [fd00::5]:5432.");
}

// The name leads to a new address where nothing listens yet; the old one still serves.
TEST_F(EvidenceGathering, ANameThatMoved) {
  resolver_.name("db.example.com", "10.0.0.6");
  service("10.0.0.5:5432");
  const Evidence found = look_into("db.example.com:5432", IpAddress::parse("10.0.0.5"));
  EXPECT_EQ(found.name->addresses, std::vector{*IpAddress::parse("10.0.0.6")});
  EXPECT_EQ(summary_,
            "The name now leads to 10.0.0.6; the last good check went to 10.0.0.5, which still "
            "answers.");
}

// A name that is gone: its last address is knocked at all the same.
TEST_F(EvidenceGathering, ANameThatIsGone) {
  service("10.0.0.5:5432");
  const Evidence found = look_into("db.example.com:5432", IpAddress::parse("10.0.0.5"));
  EXPECT_EQ(found.name->error, ErrorCode::host_not_found);
  EXPECT_EQ(summary_, "The last good check went to 10.0.0.5, which still answers.");
}

// What passed a moment later was short, and says so first.
TEST_F(EvidenceGathering, ASecondTryThatPasses) {
  silent("10.0.9.9:443");
  network_.schedule(clock_.steady_now() + 3s,
                    [&] { service("10.0.9.9:443").connect = Behaviour::Connect::open; });
  const Evidence found = look_into("10.0.9.9:443");
  EXPECT_EQ(found.second_try->verdict, Verdict::passed);
  EXPECT_TRUE(summary_.starts_with("A second try at once passed. Port 443 answered a moment later"))
      << summary_;
}

// We stood still in the middle of it: the second try gets that time back, and is waited for.
TEST_F(EvidenceGathering, AStandstillOfOursCostsNotTheSecondTry) {
  network_.host("10.0.9.9");
  silent("10.0.9.9:443");
  network_.schedule(clock_.steady_now() + 3s + 400ms, [&] { network_.stand_still(200ms); });
  const Evidence found = look_into("10.0.9.9:443", {}, 1200ms);
  ASSERT_TRUE(found.second_try);
  EXPECT_EQ(found.second_try->error, ErrorCode::timeout);
  EXPECT_GT(found.took, kEvidenceTime);
  EXPECT_TRUE(found.walk);
}

// The rest is told without it.
TEST_F(EvidenceGathering, ASecondTryThatNeverEndsIsNotWaitedForForLong) {
  network_.host("10.0.9.9");
  silent("10.0.9.9:443");
  const auto monitor = monitor_of("10.0.9.9:443");
  failure_ = probe(monitor);
  EvidenceGatherer alone{network_,         resolver_,    clock_,        reach_,
                         [](auto&&...) {}, kProberSlots, kEvidenceSlots};
  std::optional<Evidence> found;
  ASSERT_TRUE(alone.gather({.monitor = monitor,
                            .plan = plan_evidence(*monitor, failure_),
                            .remote = failure_.result.remote},
                           [&](const Evidence& evidence) { found = evidence; }));
  std::vector<IoEvent> events;
  for (size_t turns = 0; !found && turns < 100; ++turns) {
    network_.wait(alone.next_deadline(), events);
    alone.handle(events);
    alone.advance(clock_.steady_now());
    events.clear();
  }
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->second_try);
  EXPECT_EQ(found->took, kEvidenceTime + 1s);
  EXPECT_TRUE(found->closed_port);
}

// A far host: the second half of the walk goes out only when the first shows that the way goes on.
TEST_F(EvidenceGathering, AFarHostIsWalkedToTheEnd) {
  std::vector<std::string> path;
  for (int hop = 1; hop <= 20; ++hop) {
    path.push_back("10.1.0." + std::to_string(hop));
  }
  network_.host("10.0.9.9") = {.off = true, .path = path};
  const Evidence found = look_into("10.0.9.9:443");
  EXPECT_EQ(found.walk->tried, kWalkHopsMax);
  ASSERT_EQ(found.walk->hops.size(), 20U);
  EXPECT_EQ(found.walk->hops.back().notice.from.text(), "10.1.0.20");
}

// What our own side could not do is no fact about the target.
TEST_F(EvidenceGathering, OurOwnTroubleIsToldAsSuch) {
  silent("10.0.9.9:443");
  const auto monitor = monitor_of("10.0.9.9:443");
  failure_ = probe(monitor);
  network_.fail_locally(EMFILE, 100);
  std::optional<Evidence> found;
  ASSERT_TRUE(gatherer_.gather({.monitor = monitor,
                                .plan = plan_evidence(*monitor, failure_),
                                .remote = failure_.result.remote},
                               [&](const Evidence& evidence) { found = evidence; }));
  run_until([&] { return found.has_value(); });
  EXPECT_EQ(found->closed_port->answer, KnockAnswer::not_tried);
  EXPECT_NE(found->closed_port->why.find("descriptor"), std::string::npos);
  EXPECT_TRUE(found->walk->hops.empty());
  EXPECT_EQ(found->second_try->verdict, Verdict::unknown);
}

// The gate stands in front of these connects too: a name that also leads to where an editor may not
// connect is not followed there.
TEST_F(EvidenceGathering, TheGateIsAskedForEveryAddress) {
  resolver_.addresses("db.example.com", {"8.8.4.4", "10.0.0.5"});
  const auto monitor = monitor_of("db.example.com:5432");
  failure_ = probe(monitor);
  const uint64_t before = network_.connects();
  std::optional<Evidence> found;
  ASSERT_TRUE(gatherer_.gather({.monitor = monitor,
                                .role = ReachRole::editor_api,
                                .plan = {.name = true, .others = true},
                                .remote = failure_.result.remote},
                               [&](const Evidence& evidence) { found = evidence; }));
  run_until([&] { return found.has_value(); });
  ASSERT_EQ(found->others.size(), 1U);
  EXPECT_EQ(found->others[0].answer, KnockAnswer::not_tried);
  EXPECT_NE(found->others[0].why, "");
  EXPECT_EQ(network_.connects(), before);
}

// A whole network goes: as many bundles as there is room for, and the next has room again after.
TEST_F(EvidenceGathering, NoMoreAtOnceThanThereIsRoomFor) {
  silent("10.0.9.9:443");
  const auto monitor = monitor_of("10.0.9.9:443");
  failure_ = probe(monitor);
  size_t done = 0;
  const auto gather = [&] {
    return gatherer_.gather({.monitor = monitor,
                             .plan = plan_evidence(*monitor, failure_),
                             .remote = failure_.result.remote},
                            [&](const Evidence&) { ++done; });
  };
  EXPECT_TRUE(gather());
  EXPECT_TRUE(gather());
  EXPECT_FALSE(gather());
  run_until([&] { return done == 2; });
  EXPECT_TRUE(gather());
}

// Descriptors are for probes first.
TEST(EvidenceSlots, AreAnEighthOfAllAtMostAndWholeBundles) {
  EXPECT_EQ(evidence_slots(100), 0U);
  EXPECT_EQ(evidence_slots(8 * kEvidenceSlots), kEvidenceSlots);
  EXPECT_EQ(evidence_slots(4096), 4 * kEvidenceSlots);
  EXPECT_EQ(evidence_slots(1'000'000), 4 * kEvidenceSlots);
}

}  // namespace
}  // namespace tocsin::sim
