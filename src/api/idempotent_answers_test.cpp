#include "api/idempotent_answers.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

using State = IdempotentAnswers::State;

constexpr SteadyTime kStart{1h};
const IdempotentAnswers::Key kKey{"token", "k1"};

// The whole life of one key.
TEST(IdempotentAnswers, SecondRequestGetsTheFirstAnswer) {
  IdempotentAnswers answers;
  EXPECT_EQ(answers.begin(kKey, 7, kStart).state, State::fresh);
  EXPECT_EQ(answers.begin(kKey, 7, kStart).state, State::running);
  answers.finish(kKey, {.status = 201, .body = "{}"});
  const auto again = answers.begin(kKey, 7, kStart + 23h);
  EXPECT_EQ(again.state, State::answered);
  EXPECT_EQ(again.answer->status, 201);
  EXPECT_EQ(again.answer->body, "{}");
  EXPECT_EQ(answers.begin(kKey, 8, kStart).state, State::other_request);
  EXPECT_EQ(answers.begin(kKey, 7, kStart + 24h).state, State::fresh) << "a day is over";
}

// What one caller was answered is nobody else's.
TEST(IdempotentAnswers, KeysAreTheCallersOwn) {
  IdempotentAnswers answers;
  EXPECT_EQ(answers.begin(kKey, 7, kStart).state, State::fresh);
  EXPECT_EQ(answers.begin({"other", "k1"}, 7, kStart).state, State::fresh);
}

TEST(IdempotentAnswers, WhatDidNotActMayBeTriedAgain) {
  IdempotentAnswers answers;
  EXPECT_EQ(answers.begin(kKey, 7, kStart).state, State::fresh);
  answers.forget(kKey);
  EXPECT_EQ(answers.begin(kKey, 7, kStart).state, State::fresh);
  EXPECT_EQ(answers.size(), 1u);
}

// A handler that never answered holds its key for minutes, not for a day.
TEST(IdempotentAnswers, LostRequestGivesItsKeyBack) {
  IdempotentAnswers answers;
  EXPECT_EQ(answers.begin(kKey, 7, kStart).state, State::fresh);
  EXPECT_EQ(answers.begin(kKey, 7, kStart + 4min).state, State::running);
  EXPECT_EQ(answers.begin(kKey, 7, kStart + 5min).state, State::fresh);
}

// Whoever sends keys without end takes the place of the oldest, and no more memory.
TEST(IdempotentAnswers, IsBoundedInNumber) {
  IdempotentAnswers answers;
  for (size_t i = 0; i <= kIdempotentAnswersMax; ++i) {
    answers.begin({"t", std::to_string(i)}, i, kStart);
  }
  EXPECT_EQ(answers.size(), kIdempotentAnswersMax);
  EXPECT_EQ(answers.begin({"t", "1"}, 1, kStart).state, State::running);
  EXPECT_EQ(answers.begin({"t", "0"}, 0, kStart).state, State::fresh) << "it was the oldest";
}

TEST(IdempotentAnswers, IsBoundedInBytes) {
  IdempotentAnswers answers;
  constexpr size_t kBody = kIdempotentBytesMax / 4;
  for (int i = 0; i < 5; ++i) {
    const IdempotentAnswers::Key key{"t", std::to_string(i)};
    answers.begin(key, 1, kStart);
    answers.finish(key, {.body = std::string(kBody, 'x')});
  }
  EXPECT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers.begin({"t", "4"}, 1, kStart).state, State::answered);
}

}  // namespace
}  // namespace tocsin
