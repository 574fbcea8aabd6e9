// What the log says of a store in trouble: once when it begins, once when it ends.
#include "engine/store_watch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

class ListedJournal final : public Journal {
 public:
  void info(std::string_view event, std::initializer_list<JournalField> fields) const override {
    add("info", event, fields);
  }
  void warning(std::string_view event, std::initializer_list<JournalField> fields) const override {
    add("warning", event, fields);
  }
  std::vector<std::string> take() { return std::exchange(lines_, {}); }

 private:
  void add(std::string_view level, std::string_view event,
           std::initializer_list<JournalField> fields) const {
    std::string line = std::string(level) + ": " + std::string(event);
    for (const JournalField& field : fields) {
      line += " " + std::string(field.name) + "=" + field.value;
    }
    lines_.push_back(line);
  }
  mutable std::vector<std::string> lines_;
};

class ShownStore final : public Store {
 public:
  Result<LoadedStore> load(const TakeMonitors&) override { return LoadedStore{}; }
  void submit(WriteBatch, std::function<void(Result<void>)>) override {}
  Result<std::unique_ptr<StoreReader>> reader() override {
    return fail(ErrorKind::unavailable, "not here");
  }
  [[nodiscard]] StoreHealth health() const override { return shown; }
  void close() override {}
  StoreHealth shown;
};

using Lines = std::vector<std::string>;

TEST(StoreWatch, TellsTheBeginningAndTheEndOnce) {
  ShownStore store;
  ListedJournal journal;
  StoreWatch watch;
  SteadyTime now{1h};
  const auto look = [&] {
    now += 1s;
    watch.look(store, journal, now);
    return journal.take();
  };
  EXPECT_EQ(look(), Lines());
  store.shown = {.reserve_used = true, .results_dropped = 3, .last_error = "disk full"};
  EXPECT_EQ(look(), Lines{"warning: the disk is full; the reserve keeps states, incidents and "
                          "notices results=dropped why=disk full"});
  EXPECT_EQ(look(), Lines());
  store.shown.is_volatile = true;
  EXPECT_EQ(look(), Lines{"warning: nothing can be stored; deciding in memory why=disk full"});
  store.shown = {.results_dropped = 24};
  EXPECT_EQ(look(), Lines{"info: the store keeps everything again results_dropped=24"});
  EXPECT_EQ(look(), Lines());
}

// Asking the store takes its lock: not at every turn of the loop.
TEST(StoreWatch, LooksOnceASecond) {
  ShownStore store;
  ListedJournal journal;
  StoreWatch watch;
  const SteadyTime now{1h};
  watch.look(store, journal, now);
  store.shown.reserve_used = true;
  watch.look(store, journal, now + 999ms);
  EXPECT_EQ(journal.take(), Lines());
  watch.look(store, journal, now + 1s);
  EXPECT_EQ(journal.take().size(), 1U);
}

}  // namespace
}  // namespace tocsin
