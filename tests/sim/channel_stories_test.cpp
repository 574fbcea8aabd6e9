// Timelines about channels made over the API: they stand beside those of the files, outlast
// restarts and reloads, and no notice for them is lost.
#include <gtest/gtest.h>

#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr auto kDb = "10.0.0.1:5432";
constexpr auto kUrl = "http://127.0.0.1:9100/made-by-hand";

Channel hand_made(const std::string& id) {
  Channel channel;
  channel.id = id;
  channel.name = "Made by hand";
  channel.url = Secret(kUrl);
  channel.secret = Secret("a-signing-secret-of-24-bytes!");
  return channel;
}

// Asks now; the answer is there when it has come.
std::shared_ptr<std::optional<Result<void>>> save(World& world, const Channel& channel,
                                                  uint32_t seen = 0) {
  auto answer = std::make_shared<std::optional<Result<void>>>();
  world.engine().channels().save(channel, seen,
                                 [answer](const Result<void>& kept) { *answer = kept; });
  return answer;
}

std::vector<std::string> receivers(World& world) {
  std::vector<std::string> urls;
  for (const Accepted& accepted : world.sender().accepted()) {
    urls.push_back(accepted.receiver);
  }
  return urls;
}

Monitor told_by(const std::string& channel) {
  Monitor result = monitor("db", kDb);
  result.channels = {channel};
  return result;
}

// Made once, it is there after a reload that knows nothing of it and after a crash, and tells.
TEST(ChannelStory, HandMadeChannelOutlastsReloadAndRestart) {
  World world(1);
  world.watch(told_by("hand"));
  world.up(kDb);
  std::shared_ptr<std::optional<Result<void>>> made;
  world.at(10s, [&] { made = save(world, hand_made("hand")); });
  world.at(20s, [&] { world.reload(); });
  world.at(30s, [&] { world.crash_and_restart(); });
  world.at(40s, [&] { world.reload(); });
  world.at(60s, [&] { world.down(kDb); });
  world.at(120s, [&] { world.up(kDb); });
  world.run_until(3min);
  ASSERT_TRUE(made && *made && made->value());
  EXPECT_EQ(world.crashes(), 1u);
  EXPECT_EQ(types(world.told()), (Told{"monitor.down db", "monitor.recovered db"}));
  EXPECT_EQ(receivers(world), (std::vector<std::string>{kUrl, kUrl}));
  const auto view = world.engine().channels().find("hand");
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->is_ui());
  EXPECT_EQ(view->used_by, std::vector<std::string>{"db"});
  EXPECT_EQ(view->health.delivered, 2u);
  EXPECT_EQ(view->health.last_result, "200 OK");
}

// It is in force when it is durable, no moment sooner: what was acknowledged is never taken back.
TEST(ChannelStory, NotYetDurableIsNotInForce) {
  World world(2);
  world.up(kDb);
  world.watch(monitor("db", kDb));
  world.run_until(10s);
  const auto made = save(world, hand_made("hand"));
  EXPECT_FALSE(*made);
  EXPECT_FALSE(world.engine().channels().find("hand"));
  const auto second = save(world, hand_made("hand"));
  ASSERT_TRUE(*second);
  EXPECT_EQ(second->value().error().kind, ErrorKind::busy) << "one change at a time";
  world.run_until(11s);
  ASSERT_TRUE(*made && made->value());
  EXPECT_TRUE(world.engine().channels().find("hand"));
}

// A notice that waits for a hand-made channel over a restart goes out by it.
TEST(ChannelStory, WaitingNoticeOutlastsARestart) {
  World world(3);
  world.watch(told_by("hand"));
  world.up(kDb);
  world.at(1s, [&] { save(world, hand_made("hand")); });
  world.at(20s, [&] { world.sender().set_mode(ReceiverMode::dead); });
  world.at(30s, [&] { world.down(kDb); });
  world.at(60s, [&] { world.crash_and_restart(); });
  world.at(90s, [&] { world.sender().set_mode(ReceiverMode::up); });
  world.run_until(10min);
  EXPECT_EQ(types(world.told()), Told{"monitor.down db"});
  EXPECT_EQ(receivers(world), std::vector<std::string>{kUrl});
}

// The same id comes into the files: theirs wins and the reload says so; when it leaves again, the
// hand-made one is back.
TEST(ChannelStory, ChannelOfTheFilesTakesThePlaceAndGivesItBack) {
  World world(4);
  world.up(kDb);
  world.watch(told_by("hand"));
  world.at(1s, [&] { save(world, hand_made("hand")); });
  Channel of_files = hand_made("hand");
  of_files.project = "sim";
  of_files.origin = {.file = "shop.yaml", .line = 4};
  of_files.url = Secret("http://127.0.0.1:9200/of-the-files");
  std::vector<std::string> warnings;
  world.at(10s, [&] {
    world.config().channels.emplace("hand", of_files);
    warnings = world.engine().apply(world.config())->warnings;
  });
  world.run_until(11s);
  EXPECT_EQ(warnings, (std::vector<std::string>{
                          "channel \"hand\" of shop.yaml:4 takes the place of one that was made "
                          "over the API; that one rests until the files' is renamed or removed"}));
  EXPECT_FALSE(world.engine().channels().find("hand")->is_ui());
  const auto refused = save(world, hand_made("hand"), 1);
  ASSERT_TRUE(*refused);
  EXPECT_EQ(refused->value().error().message,
            "The channel \"hand\" belongs to project \"sim\" (shop.yaml:4): change it there.");
  world.at(20s, [&] { world.down(kDb); });
  world.at(60s, [&] {
    world.config().channels.erase("hand");
    warnings = world.engine().apply(world.config())->warnings;
  });
  world.at(70s, [&] { world.up(kDb); });
  world.run_until(2min);
  EXPECT_EQ(warnings, std::vector<std::string>{});
  EXPECT_EQ(receivers(world),
            (std::vector<std::string>{"http://127.0.0.1:9200/of-the-files", kUrl}));
}

// What the disk refuses is refused, and does not come true when space returns.
TEST(ChannelStory, ChangeThatIsNotKeptChangesNothing) {
  World world(5);
  world.up(kDb);
  world.watch(monitor("db", kDb));
  world.run_until(10s);
  world.disk().full = true;
  const auto made = save(world, hand_made("hand"));
  world.run_until(20s);
  ASSERT_TRUE(*made);
  EXPECT_EQ(made->value().error().kind, ErrorKind::disk_full);
  EXPECT_FALSE(world.engine().channels().find("hand"));
  world.disk().full = false;
  world.run_until(40s);
  world.crash_and_restart();
  world.run_until(50s);
  EXPECT_FALSE(world.engine().channels().find("hand"));
  const auto again = save(world, hand_made("hand"));
  world.run_until(60s);
  EXPECT_TRUE(*again && again->value());
}

// Two people change the same channel: the second is told, not obeyed.
TEST(ChannelStory, ChangeOfAnOlderVersionIsRefused) {
  World world(6);
  world.run_until(1s);
  save(world, hand_made("hand"));
  world.run_until(2s);
  ASSERT_EQ(world.engine().channels().find("hand")->version, 1u);
  save(world, hand_made("hand"), 1);
  world.run_until(3s);
  ASSERT_EQ(world.engine().channels().find("hand")->version, 2u);
  const auto late = save(world, hand_made("hand"), 1);
  ASSERT_TRUE(*late);
  EXPECT_EQ(late->value().error().kind, ErrorKind::conflict);
}

// A channel that monitors name stays; files that name it would not be read at the next start.
TEST(ChannelStory, ChannelInUseIsNotRemoved) {
  World world(7);
  world.up(kDb);
  Monitor escalating = monitor("db", kDb);
  escalating.alert.escalate = {{.after = 5min, .channels = {"hand"}}};
  world.watch(escalating);
  world.run_until(1s);
  save(world, hand_made("hand"));
  world.run_until(2s);
  std::vector<Result<void>> answers;
  const auto remove = [&] {
    world.engine().channels().remove("hand", 1, ChannelDesk::Waiting::keep,
                                     [&](const Result<void>& kept) { answers.push_back(kept); });
  };
  remove();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].error().kind, ErrorKind::conflict);
  world.forget("db");
  world.reload();
  world.run_until(10s);
  remove();
  world.run_until(20s);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[1]);
  EXPECT_FALSE(world.engine().channels().find("hand"));
  world.crash_and_restart();
  world.run_until(30s);
  EXPECT_FALSE(world.engine().channels().find("hand"));
}

// Whoever removes a channel by which notices still wait is told so; only who gives them up gets it
// removed, and each has its reason in the record.
TEST(ChannelStory, WaitingNoticesKeepTheirChannelUntilGivenUp) {
  World world(10);
  world.watch(told_by("hand"));
  world.up(kDb);
  world.at(1s, [&] { save(world, hand_made("hand")); });
  world.at(20s, [&] { world.sender().set_mode(ReceiverMode::dead); });
  world.at(30s, [&] { world.down(kDb); });
  world.at(60s, [&] { world.forget("db"); });
  world.at(61s, [&] { world.reload(); });
  world.run_until(70s);
  std::vector<Result<void>> answers;
  const auto remove = [&](ChannelDesk::Waiting waiting) {
    world.engine().channels().remove("hand", 1, waiting,
                                     [&](const Result<void>& kept) { answers.push_back(kept); });
  };
  EXPECT_EQ(world.engine().channels().find("hand")->waiting, 1u);
  remove(ChannelDesk::Waiting::keep);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].error().kind, ErrorKind::conflict);
  remove(ChannelDesk::Waiting::give_up);
  world.run_until(80s);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[1]);
  ASSERT_EQ(world.disk().deliveries.size(), 1u);
  const Delivery& kept = world.disk().deliveries.begin()->second;
  EXPECT_EQ(kept.state, DeliveryState::dead);
  EXPECT_EQ(kept.last_result, "channel \"hand\" is no longer in the configuration");
}

// Somebody repairs the address while a notice waits for the old one: it goes out by the new one at
// once, with the key it had.
TEST(ChannelStory, WaitingNoticeFollowsAChangedChannel) {
  World world(11);
  world.watch(told_by("hand"));
  world.up(kDb);
  world.at(1s, [&] { save(world, hand_made("hand")); });
  world.at(20s, [&] { world.sender().set_mode(ReceiverMode::refusing); });
  world.at(30s, [&] { world.down(kDb); });
  Channel repaired = hand_made("hand");
  repaired.url = Secret("http://127.0.0.1:9300/repaired");
  world.at(60s, [&] {
    world.sender().set_mode(ReceiverMode::up);
    save(world, repaired, 1);
  });
  world.run_until(62s);
  EXPECT_EQ(receivers(world), std::vector<std::string>{"http://127.0.0.1:9300/repaired"});
  ASSERT_EQ(world.disk().deliveries.size(), 1u);
  EXPECT_EQ(world.sender().accepted()[0].key, world.disk().deliveries.begin()->first);
}

// Between the reading of the files and their taking effect a channel may be removed: that is found
// and said, or its monitors would tell nobody.
TEST(ChannelStory, FilesThatNameARemovedChannelAreFoundOut) {
  World world(12);
  world.up(kDb);
  world.run_until(1s);
  save(world, hand_made("hand"));
  world.run_until(2s);
  Config read = world.config();
  read.monitors.push_back(told_by("hand"));
  EXPECT_EQ(world.engine().channels().gone_since(read), "");
  world.engine().channels().remove("hand", 1, ChannelDesk::Waiting::keep,
                                   [](const Result<void>&) {});
  EXPECT_FALSE(world.engine().channels().find("hand")) << "nobody may name it any more";
  EXPECT_EQ(world.engine().channels().gone_since(read),
            "The channel \"hand\", which monitor \"db\" names, was removed over the API while the "
            "files were read.");
  world.run_until(3s);
  EXPECT_NE(world.engine().channels().gone_since(read), "");
}

// A removal that the disk refuses leaves the channel as it was.
TEST(ChannelStory, RemovalThatIsNotKeptBringsTheChannelBack) {
  World world(13);
  world.up(kDb);
  world.run_until(1s);
  save(world, hand_made("hand"));
  world.run_until(2s);
  world.disk().full = true;
  std::vector<Result<void>> answers;
  world.engine().channels().remove("hand", 1, ChannelDesk::Waiting::keep,
                                   [&](const Result<void>& kept) { answers.push_back(kept); });
  world.run_until(20s);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].error().kind, ErrorKind::disk_full);
  EXPECT_TRUE(world.engine().channels().find("hand"));
}

// A test goes out by the channel as a message of its own each time, and leaves no alert behind.
TEST(ChannelStory, TestIsSentAndNotStored) {
  World world(8);
  world.run_until(1s);
  std::vector<SendOutcome> outcomes;
  const auto test = [&](const std::string& id) {
    return world.engine().channels().test(
        id, [&](const SendOutcome& outcome) { outcomes.push_back(outcome); });
  };
  EXPECT_EQ(test("nobody").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(test("ops"));
  world.run_until(2s);
  world.sender().set_mode(ReceiverMode::refusing);
  ASSERT_TRUE(test("ops"));
  world.run_until(3s);
  world.sender().set_mode(ReceiverMode::up);
  ASSERT_TRUE(test("ops"));
  world.run_until(10min);
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0].result, "200 OK");
  EXPECT_EQ(outcomes[1].result, "500 Internal Server Error");
  EXPECT_EQ(types(world.told()), (Told{"test ", "test "})) << "a test that failed is not repeated";
  EXPECT_NE(world.sender().accepted()[0].key, world.sender().accepted()[1].key);
  EXPECT_TRUE(world.disk().deliveries.empty());
  EXPECT_TRUE(world.disk().delivery_attempts.empty());
  EXPECT_EQ(world.engine().channels().find("ops")->health.delivered, 0u);
}

// A channel that cannot say it as configured is told so without a message leaving.
TEST(ChannelStory, TestOfAChannelWithoutItsSecretsSaysWhatIsMissing) {
  World world(9);
  ChannelRow row{.channel = hand_made("hand"), .secrets_lost = true};
  row.channel.project = kUiProject;
  row.channel.url = Secret();
  world.disk().channels.emplace("hand", row);
  world.run_until(1s);
  EXPECT_TRUE(world.engine().channels().find("hand")->secrets_lost);
  std::string result;
  ASSERT_TRUE(world.engine().channels().test(
      "hand", [&](const SendOutcome& outcome) { result = outcome.result; }));
  EXPECT_EQ(result, "channel \"hand\" has no url");
  EXPECT_EQ(world.sender().tries(), 0u);
}

}  // namespace
}  // namespace tocsin::sim
