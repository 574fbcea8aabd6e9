// The fixture of the resolver's tests: a fake clock, a DNS server in this process, and a loop that
// turns only when told.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/idle_probe_io.h"
#include "probe/cares_resolver.h"
#include "probe/test_dns_server.h"

namespace tocsin {

class FakeClock final : public Clock {
 public:
  [[nodiscard]] SystemTime system_now() const override { return SystemTime{}; }
  [[nodiscard]] SteadyTime steady_now() const override { return now; }
  SteadyTime now{1h};
};

// Only watches; nothing else of ProbeIo is the resolver's business.
class WatchIo final : public IdleProbeIo {
 public:
  void watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready) override {
    if (read || write) {
      watches[fd] = {read, write, std::move(ready)};
    } else {
      watches.erase(fd);
    }
  }
  // Waits a millisecond at most: long enough for the loopback, and a test that waits for nothing
  // ends soon.
  void wait(SteadyTime, std::vector<IoEvent>&) override {
    std::vector<pollfd> polled;
    polled.reserve(watches.size());
    for (const auto& [fd, watch] : watches) {
      polled.push_back(
          {fd, static_cast<short>((watch.read ? POLLIN : 0) | (watch.write ? POLLOUT : 0)), 0});
    }
    ::poll(polled.data(), polled.size(), 1);
    for (const pollfd& each : polled) {
      if (each.revents != 0 && watches.contains(each.fd)) {
        const auto ready = watches[each.fd].ready;
        ready((each.revents & (POLLIN | POLLERR)) != 0, (each.revents & POLLOUT) != 0);
      }
    }
  }

  struct Watch {
    bool read = false, write = false;
    std::function<void(bool, bool)> ready;
  };
  std::map<int, Watch> watches;
};

class CaresResolverTest : public testing::Test, public ResolveSink {
 protected:
  void SetUp() override { start(""); }

  void start(const std::string& canary, const std::string& hosts = "/nonexistent") {
    auto made = make_cares_resolver(io, clock, {{server.address()}, canary, hosts});
    ASSERT_TRUE(made);
    resolver = std::move(*made);
    if (!canary.empty()) {
      server.has(canary, "10.255.0.1", 60);  // it always exists
    }
  }
  void on_resolved(uint64_t token, const ResolveAnswer& answer) override {
    EXPECT_TRUE(in_drive) << "answers come only from drive()";
    EXPECT_TRUE(!answers.contains(token) || answers[token].partial) << "answered twice";
    answers[token] = answer;
  }

  // Starts an ask; what is known at once is noted like an answer that comes.
  uint64_t begin(const std::string& name, AddressWish wish = AddressWish::v4,
                 Duration timeout = 5s) {
    const uint64_t token = ++last_token;
    const auto known = resolver->resolve(name, wish, clock.now + timeout, token, *this);
    if (known) {
      answers[token] = *known;
    }
    return token;
  }
  void drive() {
    in_drive = true;
    resolver->drive(clock.now);
    in_drive = false;
  }
  void pump(int rounds) {
    std::vector<IoEvent> none;
    for (int i = 0; i < rounds; ++i) {
      server.serve();
      io.wait(clock.now, none);
      drive();
    }
  }
  bool is_answered(uint64_t token) const { return answers.contains(token); }
  ResolveAnswer wait_for(uint64_t token) {
    for (int i = 0; i < 500 && !is_answered(token); ++i) {
      pump(1);
    }
    EXPECT_TRUE(is_answered(token));
    return answers[token];
  }
  ResolveAnswer ask(const std::string& name, AddressWish wish = AddressWish::v4) {
    return wait_for(begin(name, wish));
  }
  // Nothing comes on the wire meanwhile that was not there before.
  void pass(Duration time) {
    pump(3);
    clock.now += time;
    pump(3);
  }
  static std::vector<std::string> texts(const ResolveAnswer& answer) {
    std::vector<std::string> found;
    found.reserve(answer.addresses.size());
    for (const IpAddress& ip : answer.addresses) {
      found.push_back(ip.text());
    }
    return found;
  }
  static std::string error(const ResolveAnswer& answer) {
    return answer.error ? std::string(error_name(answer.error->code)) : "none";
  }

  TestDnsServer server;
  FakeClock clock;
  WatchIo io;
  std::unique_ptr<Resolver> resolver;
  std::map<uint64_t, ResolveAnswer> answers;
  uint64_t last_token = 0;
  bool in_drive = false;
};

}  // namespace tocsin
