#include "store/store_suite.h"

#include <algorithm>
#include <vector>

namespace tocsin {
namespace {

using fixtures::Dice;
using fixtures::failed;
using fixtures::kNow;
using fixtures::passed;

MonitorRow monitor_row(Dice& dice, int64_t uid) {
  MonitorRow row;
  row.monitor.uid.value = uid;
  row.monitor.definition = std::make_shared<const Monitor>(fixtures::some_monitor(dice));
  row.monitor.project = row.monitor.definition->project;
  row.monitor.id = row.monitor.definition->id;
  row.monitor.retired = uid % 2 == 0;
  row.state = fixtures::some_state(dice);
  return row;
}

// --- keeping

TEST_P(StoreSuite, NewStoreIsEmpty) {
  const fixtures::WholeStore loaded = value(fixtures::load_whole(*store_));
  EXPECT_TRUE(loaded.monitors.empty());
  EXPECT_TRUE(loaded.open_incidents.empty());
  EXPECT_TRUE(loaded.waiting_deliveries.empty());
  EXPECT_EQ(loaded.clock_epoch, 0U);
  EXPECT_EQ(loaded.clock_seen, std::nullopt);
}

// The promise everything else rests on: what was acknowledged is there after a restart, exactly.
TEST_P(StoreSuite, GivesBackEverythingAfterReopening) {
  Dice dice(1, /*all=*/true);
  WriteBatch batch;
  for (int64_t uid = 1; uid <= 3; ++uid) {
    batch.monitors.push_back(monitor_row(dice, uid));
  }
  Incident open = fixtures::some_incident(dice);
  open.closed.reset();
  const Incident closed = fixtures::some_incident(dice);
  batch.incidents = {open, closed};
  Delivery waiting = fixtures::some_delivery(dice);
  waiting.state = DeliveryState::waiting;
  waiting.event.incident = open.id;
  Delivery delivered = waiting;
  delivered.key = "other";
  delivered.channel += "2";
  delivered.state = DeliveryState::delivered;
  batch.deliveries = {waiting, delivered};
  batch.delivery_attempts = {
      {.key = waiting.key, .number = 1, .at = kNow, .took = 7ms, .ok = true, .result = "200 OK"}};
  batch.tokens = {
      {.id = "t1", .hash = "ab", .scope = "read", .name = "ci", .created = kNow, .revoked = true}};
  batch.users = {{.name = "ann", .password_hash = "h", .created = kNow, .password_changed = kNow}};
  batch.sessions = {{.hash = "cd", .user = "ann", .created = kNow - 1s, .last_used = kNow}};
  batch.clock_epoch = 4;
  batch.clock_seen = kNow;
  const WriteBatch wanted = batch;
  keep(std::move(batch));
  reopen();

  const fixtures::WholeStore loaded = value(fixtures::load_whole(*store_));
  ASSERT_EQ(loaded.monitors.size(), 3U);
  for (size_t index = 0; index < 3; ++index) {
    const MonitorRow& row = loaded.monitors[index];
    EXPECT_EQ(row.monitor.uid, wanted.monitors[index].monitor.uid);
    EXPECT_EQ(row.monitor.retired, wanted.monitors[index].monitor.retired);
    EXPECT_TRUE(
        fixtures::is_same(*row.monitor.definition, *wanted.monitors[index].monitor.definition));
    EXPECT_TRUE(row.state == wanted.monitors[index].state);
  }
  ASSERT_EQ(loaded.open_incidents.size(), 1U);
  EXPECT_TRUE(loaded.open_incidents[0] == open);
  ASSERT_EQ(loaded.waiting_deliveries.size(), 1U);
  EXPECT_TRUE(loaded.waiting_deliveries[0] == waiting);
  EXPECT_EQ(loaded.clock_epoch, 4U);
  EXPECT_EQ(loaded.clock_seen, kNow);

  const auto reading = reader();
  EXPECT_TRUE(value(reading->incident(closed.id)) == closed);
  const std::vector<Delivery> deliveries = value(reading->deliveries(open.id));
  ASSERT_EQ(deliveries.size(), 2U);
  EXPECT_TRUE(deliveries[0] == waiting && deliveries[1] == delivered);
  const std::vector<DeliveryAttempt> attempts = value(reading->delivery_attempts(waiting.key));
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_TRUE(attempts[0] == wanted.delivery_attempts[0]);
  const std::vector<TokenRow> tokens = value(reading->tokens());
  ASSERT_EQ(tokens.size(), 1U);
  EXPECT_EQ(tokens[0].id + tokens[0].hash + tokens[0].scope + tokens[0].name, "t1abreadci");
  EXPECT_EQ(tokens[0].created, kNow);
  EXPECT_TRUE(tokens[0].revoked);
  const std::vector<UserRow> users = value(reading->users());
  ASSERT_EQ(users.size(), 1U);
  EXPECT_EQ(users[0].name + users[0].password_hash, "annh");
  EXPECT_EQ(users[0].created, kNow);
  EXPECT_EQ(users[0].password_changed, kNow);
  const std::vector<SessionRow> sessions = value(reading->sessions());
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].hash + sessions[0].user, "cdann");
  EXPECT_EQ(sessions[0].created, kNow - 1s);
  EXPECT_EQ(sessions[0].last_used, kNow);
  EXPECT_FALSE(sessions[0].ended);
}

// A changed password and the end of the sessions that it ends come in one batch; who signed out
// stays out after a restart, and a revoked token stays revoked.
TEST_P(StoreSuite, EndedSessionsAndRevokedTokensStaySo) {
  WriteBatch first;
  first.users = {{.name = "ann", .password_hash = "old"}, {.name = "bob", .password_hash = "b"}};
  first.sessions = {{.hash = "1", .user = "ann"}, {.hash = "2", .user = "ann"}};
  first.tokens = {{.id = "t1", .hash = "ab", .scope = "read", .name = "ci", .created = kNow}};
  keep(std::move(first));
  WriteBatch second;
  second.users = {{.name = "ann", .password_hash = "new", .password_changed = kNow}};
  second.sessions = {{.hash = "1", .user = "ann", .last_used = kNow},
                     {.hash = "2", .user = "ann", .ended = true},
                     {.hash = "never stored", .ended = true}};
  second.tokens = {
      {.id = "t1", .hash = "ab", .scope = "read", .name = "ci", .created = kNow, .revoked = true}};
  keep(std::move(second));
  reopen();

  const auto reading = reader();
  const std::vector<UserRow> users = value(reading->users());
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[0].password_hash, "new");
  EXPECT_EQ(users[0].password_changed, kNow);
  EXPECT_EQ(users[1].name, "bob");
  const std::vector<SessionRow> sessions = value(reading->sessions());
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].hash, "1");
  EXPECT_EQ(sessions[0].last_used, kNow);
  const std::vector<TokenRow> tokens = value(reading->tokens());
  ASSERT_EQ(tokens.size(), 1U);
  EXPECT_TRUE(tokens[0].revoked);
}

// A channel comes back with its secrets, as it was changed last; one that was removed does not.
TEST_P(StoreSuite, GivesBackChannels) {
  ChannelRow ops;
  ops.channel.id = "ops";
  ops.channel.project = kUiProject;
  ops.channel.url = Secret("https://hooks.example.com/\xFF");
  ops.channel.headers = {{"X-Team", Secret("shop")}};
  ChannelRow gone = ops;
  gone.channel.id = "gone";
  WriteBatch batch;
  batch.channels = {ops, gone};
  keep(batch);
  ops.channel.name = "Operations";
  ops.version = 2;
  gone.removed = true;
  batch.channels = {ops, gone};
  keep(std::move(batch));
  reopen();
  const fixtures::WholeStore loaded = value(fixtures::load_whole(*store_));
  ASSERT_EQ(loaded.channels.size(), 1U);
  EXPECT_TRUE(same_definition(loaded.channels[0].channel, ops.channel));
  EXPECT_EQ(loaded.channels[0].channel.project, "ui");
  EXPECT_EQ(loaded.channels[0].version, 2U);
  EXPECT_FALSE(loaded.channels[0].secrets_lost);
}

// The numbers of a pass are kept whole; its bytes are not.
TEST_P(StoreSuite, KeepsTheNumbersOfAPass) {
  StoredAttempt stored = passed(7, kNow, 12'345us);
  ProbeResult& result = stored.attempt.result;
  result.id.location = 3;
  result.id.clock_epoch = 2;
  result.id.attempt = 4;
  result.phases = {1us, 2us, 3us, 4us};
  result.kernel_rtt = 9us;
  result.syn_retransmits = 1;
  result.loop_lag = 8us;
  result.bytes_sent = 6;
  result.dns_cached = result.stale_dns = result.received_truncated = result.reset_after_verdict =
      true;
  stored.attempt.evaluation.error = result.error =
      ProbeError{ErrorCode::tcp_refused, Phase::connect, ""};
  const Attempt wanted = stored.attempt;
  result.received = "+PONG";
  WriteBatch batch;
  batch.attempts.push_back(stored);
  keep(std::move(batch));

  const std::optional<StoredResult> read = value(reader()->result(wanted.result.id));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->attempt == wanted);
  EXPECT_TRUE(read->final_attempt);
  EXPECT_FALSE(read->has_details);
}

// Where a pass went and what it says is asked long after: both are kept with its numbers.
TEST_P(StoreSuite, KeepsTheAddressAndTheReasonOfAPass) {
  const SocketAddress v4{.ip = *IpAddress::parse("192.0.2.7"), .port = 443, .unix_path = {}};
  const SocketAddress v6{.ip = *IpAddress::parse("2001:db8::7"), .port = 5432, .unix_path = {}};
  const std::pair<std::optional<SocketAddress>, std::string> facts[] = {
      {v4, "Connected in 12.3 ms."},
      {v6, "Answered in 12.3 ms."},
      {std::nullopt, "As expected: Nothing is listening on port 23."},
      {v4, ""}};
  WriteBatch batch;
  for (const auto& [remote, reason] : facts) {
    StoredAttempt& stored =
        batch.attempts.emplace_back(passed(7, kNow + 1s * batch.attempts.size(), 12'345us));
    stored.attempt.result.remote = remote;
    stored.attempt.evaluation.reason = reason;
  }
  const std::vector<StoredAttempt> wanted = batch.attempts;
  keep(std::move(batch));

  const std::vector<StoredResult> read = value(reader()->results({.monitor = {7}}));
  ASSERT_EQ(read.size(), wanted.size());
  for (size_t index = 0; index < wanted.size(); ++index) {
    const Attempt& again = read[read.size() - 1 - index].attempt;
    EXPECT_EQ(again.result.remote, wanted[index].attempt.result.remote);
    EXPECT_EQ(again.evaluation.reason, wanted[index].attempt.evaluation.reason);
    EXPECT_TRUE(again == wanted[index].attempt);
  }
}

TEST_P(StoreSuite, KeepsWhatDidNotPassInFull) {
  Dice dice(2, /*all=*/true);
  StoredAttempt stored;
  stored.attempt = fixtures::some_attempt(dice);
  stored.attempt.evaluation.verdict = Verdict::failed;
  stored.final_attempt = false;
  WriteBatch batch;
  batch.attempts.push_back(stored);
  keep(std::move(batch));

  const std::optional<StoredResult> read = value(reader()->result(stored.attempt.result.id));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->attempt == stored.attempt);
  EXPECT_FALSE(read->final_attempt);
  EXPECT_TRUE(read->has_details);
}

// It comes a second after its attempt, in another batch, and takes nothing away from it.
TEST_P(StoreSuite, KeepsEvidenceBesideItsAttempt) {
  Dice dice(4, /*all=*/true);
  StoredAttempt stored;
  stored.attempt = fixtures::some_attempt(dice);
  stored.attempt.evaluation.verdict = Verdict::failed;
  stored.attempt.result.id.slot = kNow;  // not so old that the second batch sweeps it out
  const ResultId id = stored.attempt.result.id;
  WriteBatch batch;
  batch.attempts.push_back(stored);
  keep(std::move(batch));
  EXPECT_FALSE(value(reader()->result(id))->evidence);

  const Evidence evidence = fixtures::some_evidence(dice);
  WriteBatch later;
  later.evidence.push_back({id, evidence});
  keep(std::move(later));
  const std::optional<StoredResult> read = value(reader()->result(id));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->attempt == stored.attempt);
  ASSERT_TRUE(read->evidence);
  EXPECT_TRUE(*read->evidence == evidence);
}

// Of an attempt that is not there (dropped for want of space) nothing is kept, and that is no
// error.
TEST_P(StoreSuite, EvidenceOfNothingChangesNothing) {
  Dice dice(5);
  const ResultId nowhere{.monitor = {7}, .slot = kNow, .attempt = 1};
  WriteBatch batch;
  batch.evidence.push_back({nowhere, fixtures::some_evidence(dice)});
  keep(std::move(batch));
  EXPECT_FALSE(value(reader()->result(nowhere)));
}

TEST_P(StoreSuite, KeepsAPassInFullWhenAsked) {
  StoredAttempt stored = passed(7, kNow, 5ms);
  stored.attempt.result.received = "+PONG";
  stored.keep_details = true;
  WriteBatch batch;
  batch.attempts.push_back(stored);
  keep(std::move(batch));
  const std::optional<StoredResult> read = value(reader()->result(stored.attempt.result.id));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->attempt.result.received, "+PONG");
}

TEST_P(StoreSuite, LaterValuesReplaceEarlierOnes) {
  Dice dice(3);
  WriteBatch first;
  first.monitors.push_back(monitor_row(dice, 1));
  first.incidents.push_back(fixtures::some_incident(dice));
  first.incidents[0].closed.reset();
  first.deliveries.push_back(fixtures::some_delivery(dice));
  first.deliveries[0].state = DeliveryState::waiting;
  WriteBatch second;
  second.states.push_back({{1}, fixtures::some_state(dice)});
  second.incidents = first.incidents;
  second.incidents[0].closed = kNow;
  second.deliveries = first.deliveries;
  second.deliveries[0].state = DeliveryState::dead;
  const MonitorState wanted = second.states[0].state;
  keep(std::move(first));
  keep(std::move(second));

  const fixtures::WholeStore loaded = value(fixtures::load_whole(*store_));
  ASSERT_EQ(loaded.monitors.size(), 1U);
  EXPECT_TRUE(loaded.monitors[0].state == wanted);
  EXPECT_TRUE(loaded.open_incidents.empty());
  EXPECT_TRUE(loaded.waiting_deliveries.empty());
}

// A steady monitor writes no state at each tick; a restart must not run its last slot again all the
// same.
TEST_P(StoreSuite, StateIsMovedToTheNewestResults) {
  WriteBatch batch;
  MonitorRow& row = batch.monitors.emplace_back();
  row.monitor.uid.value = 1;
  row.state.status.kind = StatusKind::up;
  row.state.status.slot = kNow;
  batch.clock_epoch = 2;
  for (const auto slot : {kNow + 60s, kNow + 120s}) {
    for (const uint16_t location : {uint16_t{0}, uint16_t{1}}) {
      StoredAttempt stored = passed(1, slot, 5ms);
      stored.attempt.result.id.location = location;
      stored.attempt.result.id.clock_epoch = 2;
      batch.attempts.push_back(stored);
    }
  }
  // A clock that was wrong for a while, and an attempt that will be tried again.
  StoredAttempt wrong_clock = passed(1, kNow + 24h, 5ms);
  wrong_clock.attempt.result.id.clock_epoch = 1;
  StoredAttempt retried = failed(1, kNow + 180s);
  retried.attempt.result.id.clock_epoch = 2;
  retried.final_attempt = false;
  batch.attempts.insert(batch.attempts.end(), {wrong_clock, retried});
  keep(std::move(batch));
  reopen();

  const fixtures::WholeStore loaded = value(fixtures::load_whole(*store_));
  ASSERT_EQ(loaded.monitors.size(), 1U);
  const MonitorState& state = loaded.monitors[0].state;
  EXPECT_EQ(state.status.slot, kNow + 120s);
  EXPECT_EQ(state.status.clock_epoch, 2U);
  EXPECT_EQ(state.status.last_known, kNow + 120s);
  ASSERT_EQ(state.newest.size(), 2U);
  EXPECT_EQ(state.newest.at(1).slot, kNow + 120s);
  EXPECT_EQ(state.newest.at(1).verdict, Verdict::passed);
}

// The newest result was our own trouble: what is known is as old as the pass before it, not as old
// as the state. Else a restart would call a steady monitor unknown.
TEST_P(StoreSuite, UnknownResultLeavesTheNewestKnown) {
  WriteBatch batch;
  MonitorRow& row = batch.monitors.emplace_back();
  row.monitor.uid.value = 1;
  row.state.status.kind = StatusKind::up;
  row.state.status.slot = kNow;
  row.state.status.last_known = kNow;
  StoredAttempt trouble = passed(1, kNow + 180s, 5ms);
  trouble.attempt.evaluation.verdict = Verdict::unknown;
  batch.attempts = {passed(1, kNow + 60s, 5ms), passed(1, kNow + 120s, 5ms), trouble};
  keep(std::move(batch));
  reopen();
  const fixtures::WholeStore loaded = value(fixtures::load_whole(*store_));
  const Status& status = loaded.monitors.at(0).state.status;
  EXPECT_EQ(status.slot, kNow + 180s);
  EXPECT_EQ(status.last_known, kNow + 120s);
}

// The stored state is newer than any result: nothing is moved back.
TEST_P(StoreSuite, NewerStateIsLeftAlone) {
  WriteBatch batch;
  MonitorRow& row = batch.monitors.emplace_back();
  row.monitor.uid.value = 1;
  row.state.status.slot = kNow + 1s;
  const MonitorState wanted = row.state;
  batch.attempts.push_back(passed(1, kNow, 5ms));
  keep(std::move(batch));
  EXPECT_TRUE(value(fixtures::load_whole(*store_)).monitors.at(0).state == wanted);
}

// A result that comes twice (a spool sent again) is one result.
TEST_P(StoreSuite, RepeatedResultCountsOnce) {
  for (int time = 0; time < 2; ++time) {
    WriteBatch batch;
    batch.attempts = {passed(1, kNow, 5ms), failed(1, kNow + 60s)};
    keep(std::move(batch));
  }
  const auto reading = reader();
  EXPECT_EQ(value(reading->results({.monitor = {1}})).size(), 2U);
  const std::vector<HourTally> hours = value(reading->hours({1}, kNow - 24h, kNow + 24h));
  ASSERT_FALSE(hours.empty());
  EXPECT_EQ(hours.back().tally.passed, 1U);
  EXPECT_EQ(store_->health().results_written, 2U);
}

TEST_P(StoreSuite, AnswersInOrderOfSubmission) {
  std::vector<int> answers;
  for (int number = 0; number < 50; ++number) {
    WriteBatch batch;
    batch.attempts.push_back(passed(1, kNow + number * 1s, 1ms));
    batch.urgent = number % 7 == 0;
    store_->submit(std::move(batch), [&answers, number](const Result<void>& kept) {
      EXPECT_TRUE(kept);
      answers.push_back(number);
    });
  }
  ASSERT_TRUE(mailbox_.run_until([&] { return answers.size() == 50; }));
  EXPECT_TRUE(std::ranges::is_sorted(answers));
}

// An empty batch is still answered: the engine waits for it.
TEST_P(StoreSuite, EmptyBatchIsAnswered) { keep({}); }

TEST_P(StoreSuite, ClosingWritesWhatWasSubmitted) {
  WriteBatch batch;
  batch.attempts.push_back(passed(1, kNow, 1ms));
  store_->submit(std::move(batch), {});
  reopen();
  EXPECT_EQ(value(reader()->results({.monitor = {1}})).size(), 1U);
}

TEST_P(StoreSuite, SaysSoWhenItIsClosed) {
  store_->close();
  const Result<void> kept = fixtures::keep(*store_, mailbox_, {});
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(kept.error().message, "the store is closed");
}

}  // namespace
}  // namespace tocsin
