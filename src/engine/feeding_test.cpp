#include "engine/feeding.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/pending_batch.h"

namespace tocsin {
namespace {

class NotedFeed final : public Feed {
 public:
  bool wanted = true;
  std::vector<std::string> noted;

  [[nodiscard]] bool is_wanted() const override { return wanted; }
  void row_changed(MonitorUid monitor, Weight weight) override {
    noted.push_back((weight == Weight::status ? "status " : "result ") +
                    std::to_string(monitor.value));
  }
  void row_removed(MonitorUid monitor, std::string_view id) override {
    noted.push_back("removed " + std::to_string(monitor.value) + " " + std::string(id));
  }
  void incident_changed(const Incident& incident) override {
    noted.push_back("incident " + incident.id.value + " " +
                    std::to_string(incident.timeline.size()));
  }
  void delivery_changed(const Delivery& delivery) override {
    noted.push_back("delivery " + delivery.key + " " + delivery.payload);
  }
};

// Takes batches and keeps them until the test says they are durable.
class SlowStore final : public Store {
 public:
  std::vector<std::function<void(Result<void>)>> waiting;

  Result<LoadedStore> load(const TakeMonitors&) override { return LoadedStore{}; }
  void submit(WriteBatch, std::function<void(Result<void>)> on_durable) override {
    waiting.push_back(std::move(on_durable));
  }
  Result<std::unique_ptr<StoreReader>> reader() override {
    return fail(ErrorKind::unavailable, "no readers here");
  }
  [[nodiscard]] StoreHealth health() const override { return {}; }
  void close() override {}
};

class FeedingTest : public ::testing::Test {
 protected:
  FeedingTest() { batch_.set_feed(&feed_); }

  static StoredAttempt attempt_of(int64_t monitor) {
    StoredAttempt row;
    row.attempt.result.id.monitor = MonitorUid{monitor};
    return row;
  }
  static MonitorRow row_of(int64_t monitor, std::string id, bool retired) {
    return {.monitor = {.uid = {monitor},
                        .project = "",
                        .id = std::move(id),
                        .retired = retired,
                        .definition = std::make_shared<const Monitor>()},
            .state = {}};
  }

  NotedFeed feed_;
  SlowStore store_;
  PendingBatch batch_;
};

// What is kept is what changed: results, states and definitions, and of a removed monitor only
// that.
TEST_F(FeedingTest, TellsTheRowsOfABatch) {
  batch_.rows().monitors = {row_of(3, "new", false), row_of(2, "old", true)};
  batch_.rows().attempts = {attempt_of(1), attempt_of(2)};
  batch_.rows().states = {{MonitorUid{1}, {}}};
  batch_.flush(store_);
  EXPECT_EQ(feed_.noted, (std::vector<std::string>{"result 1", "result 2", "status 1", "status 3",
                                                   "removed 2 old"}));
}

// Whoever hears of an incident may read it at once: so it has to be there. The parts nobody is
// shown are not carried about.
TEST_F(FeedingTest, TellsIncidentsAndDeliveriesWhenTheyAreDurable) {
  batch_.rows().incidents = {Incident{.id = {"i"}, .timeline = {{}, {}}}};
  batch_.rows().deliveries = {Delivery{.key = "k", .payload = "secret"}};
  batch_.flush(store_);
  EXPECT_TRUE(feed_.noted.empty());
  store_.waiting.at(0)({});
  EXPECT_EQ(feed_.noted, (std::vector<std::string>{"incident i 0", "delivery k "}));
}

// A full disk does not make an incident unheard of.
TEST_F(FeedingTest, TellsThemWhenTheStoreIsInTrouble) {
  batch_.rows().incidents = {Incident{.id = {"i"}}};
  batch_.flush(store_);
  store_.waiting.at(0)(fail(ErrorKind::disk_full, "no space"));
  EXPECT_EQ(feed_.noted, std::vector<std::string>{"incident i 0"});
}

TEST_F(FeedingTest, TellsNothingWhenNobodyWatches) {
  feed_.wanted = false;
  batch_.rows().attempts = {attempt_of(1)};
  batch_.rows().incidents = {Incident{.id = {"i"}}};
  batch_.flush(store_);
  store_.waiting.at(0)({});
  EXPECT_TRUE(feed_.noted.empty());
}

}  // namespace
}  // namespace tocsin
