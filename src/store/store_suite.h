// One suite for every implementation of Store: what the comments in store.h promise. An
// implementation instantiates it with a StoreMaker.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "base/scratch_folder.h"
#include "store/fixtures.h"
#include "store/test_support.h"

namespace tocsin {

struct StoreMaker {
  std::string name;
  bool has_thread = false;  // the clock has to run
  // Opens what is in the directory.
  std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path& dir, const Clock& clock,
                                               Mailbox& mailbox)>
      open;
};

inline void PrintTo(const StoreMaker& maker, std::ostream* out) { *out << maker.name; }

class StoreSuite : public testing::TestWithParam<StoreMaker> {
 protected:
  void SetUp() override { reopen(); }
  void TearDown() override { close(); }

  void close() {
    if (store_) {
      store_->close();
      store_.reset();
    }
  }
  void reopen() {
    close();
    Result<std::unique_ptr<Store>> opened = GetParam().open(dir_.path(), clock_, mailbox_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void keep(WriteBatch batch) {
    const Result<void> kept = fixtures::keep(*store_, mailbox_, std::move(batch));
    ASSERT_TRUE(kept) << kept.error().message;
  }
  std::unique_ptr<StoreReader> reader() {
    Result<std::unique_ptr<StoreReader>> opened = store_->reader();
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  // The value of a reader's answer; an error fails the test.
  template <class T>
  T value(Result<T> answer) {
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? std::move(*answer) : T{};
  }

  ScratchFolder dir_;
  fixtures::TestClock clock_{GetParam().has_thread};
  fixtures::TestMailbox mailbox_;
  std::unique_ptr<Store> store_;
};

}  // namespace tocsin
