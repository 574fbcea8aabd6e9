// For tests: a prober on a clock that stands still and an I/O that does what the test says.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probe/prober.h"
#include "probe/test_support.h"

namespace tocsin {

class StillClock final : public Clock {
 public:
  SteadyTime now{Duration(1'000'000'000)};
  SystemTime wall{Duration(1'700'000'000'000'000)};
  [[nodiscard]] SystemTime system_now() const override { return wall; }
  [[nodiscard]] SteadyTime steady_now() const override { return now; }
};

// Writes down what is asked of it.
class FakeIo final : public ProbeIo {
 public:
  struct Asked {
    SlotIndex slot;
    std::string to;
    bool accept_less;
  };
  size_t slots = 8;
  std::vector<Asked> connects;
  std::vector<std::optional<IpAddress>> sources;  // of each of them
  std::vector<std::string> log;                   // "shutdown 0", "close 0 fin"
  std::map<SlotIndex, std::span<char>> receiving;
  std::map<SlotIndex, std::string> sent;
  KernelFacts kernel;
  std::optional<SocketAddress> local;
  bool has_answer = false;
  bool interrupted = false;
  std::optional<Duration> data_age;
  std::map<std::string, int> route_errors;     // by address; others have a route
  std::map<std::string, FirstRouter> routers;  // by address; others are on this network

  [[nodiscard]] size_t capacity() const override { return slots; }
  void connect(SlotIndex slot, const SocketAddress& to, const ConnectOptions& options) override {
    connects.push_back({slot, to.text(), options.accept_less});
    sources.push_back(options.source);
  }
  void send(SlotIndex slot, std::span<const char> bytes) override {
    sent[slot].append(bytes.data(), bytes.size());
  }
  void receive(SlotIndex slot, std::span<char> buffer) override { receiving[slot] = buffer; }
  void shutdown_write(SlotIndex slot) override {
    log.push_back("shutdown " + std::to_string(slot));
  }
  void close(SlotIndex slot, CloseMode mode) override {
    log.push_back("close " + std::to_string(slot) + " " + std::string(close_mode_name(mode)));
    receiving.erase(slot);
  }
  void let_go(SlotIndex slot) override { log.push_back("let go " + std::to_string(slot)); }
  [[nodiscard]] KernelFacts facts(SlotIndex) override { return kernel; }
  [[nodiscard]] std::optional<SocketAddress> local_address(SlotIndex) override { return local; }
  [[nodiscard]] bool poll_now(SlotIndex) override { return has_answer; }
  [[nodiscard]] bool was_interrupted() const override { return interrupted; }
  [[nodiscard]] std::optional<Duration> since_last_data(SlotIndex) override { return data_age; }
  [[nodiscard]] int route_error(const SocketAddress& to, const std::optional<IpAddress>&) override {
    const auto found = route_errors.find(to.ip.text());
    return found == route_errors.end() ? 0 : found->second;
  }
  [[nodiscard]] std::optional<FirstRouter> first_router(const SocketAddress& to,
                                                        const std::optional<IpAddress>&) override {
    const auto found = routers.find(to.ip.text());
    return found == routers.end() ? std::nullopt : std::optional(found->second);
  }
  void wait(SteadyTime, std::vector<IoEvent>&) override {}
  void nap(SteadyTime) override {}
  void wake() override {}
  void watch(int, bool, bool, std::function<void(bool, bool)>) override {}
};

class ProberTest : public testing::Test {
 protected:
  static std::shared_ptr<Monitor> monitor_of(std::string_view target) {
    auto monitor = std::make_shared<Monitor>();
    monitor->target = Target::parse(target).value();
    monitor->timeout = 10s;
    return monitor;
  }
  Prober& prober(const ProberSettings& settings = {}) {
    if (!prober_) {
      prober_ = std::make_unique<Prober>(io_, resolver_, clock_, reach_, sink_, settings);
    }
    return *prober_;
  }
  void start(const std::shared_ptr<const Monitor>& monitor, uint64_t tag = 0, bool retry = false) {
    prober().start({.monitor = monitor,
                    .id = {.monitor = {7}, .slot = clock_.wall},
                    .tag = tag,
                    .retry = retry});
  }
  // The connect asked for as number `nth` ends with `error`, told by the kernel `ago` before it is
  // handled.
  void connected(size_t nth, int error = 0, Duration ago = 0us) {
    event({.slot = io_.connects.at(nth).slot,
           .kind = IoKind::connected,
           .error = error,
           .at = clock_.now - ago});
  }
  void received(SlotIndex slot, std::string_view bytes, int error = 0) {
    ASSERT_TRUE(io_.receiving.contains(slot));
    std::memcpy(io_.receiving[slot].data(), bytes.data(), bytes.size());
    event({.slot = slot,
           .kind = IoKind::received,
           .error = error,
           .bytes = bytes.size(),
           .at = clock_.now});
  }
  void event(const IoEvent& event) { prober().handle({&event, 1}); }
  // The loop does not look for so long, and then calls a wait that returns at once.
  void stall(Duration time) {
    clock_.now += time;
    clock_.wall += time;
    prober().before_wait(clock_.now, clock_.now);
  }
  // The loop waits, on time, and is woken.
  void wait(Duration time) {
    prober().before_wait(clock_.now, clock_.now + time);
    clock_.now += time;
    clock_.wall += time;
  }
  // The wait has brought nothing; what is due is done.
  void look() {
    prober().handle({});
    prober().advance(clock_.now);
  }
  void pass(Duration time) {
    wait(time);
    look();
  }
  // A check that says PING and waits for +PONG has connected after 2 ms and begun to send.
  void start_talking() {
    auto monitor = monitor_of("192.0.2.1:80");
    monitor->request = {SendStep{"PING"}, ExpectStep{.pattern = "+PONG"}};
    start(monitor);
    wait(2ms);
    connected(0);
  }
  // The only result there is.
  const ProbeResult& result() {
    EXPECT_EQ(sink_.results.size(), 1U);
    static const ProbeResult none;
    return sink_.results.empty() ? none : sink_.results.front().second;
  }
  static ErrorCode code_of(const ProbeResult& result) {
    return result.error ? result.error->code : ErrorCode::assertion_failed;
  }

  StillClock clock_;
  FakeIo io_;
  TestResolver resolver_;
  TestSink sink_;
  ReachPolicy reach_;
  std::unique_ptr<Prober> prober_;
};

}  // namespace tocsin
