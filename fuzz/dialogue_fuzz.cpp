// The dialogue: whatever a peer sends and does, it ends exactly once, at the deadline at the
// latest, keeps at most 64 KiB, and says the same of the same bytes however they were cut.
//
// The first byte chooses a monitor and a way to cut, the rest is a list of events: one byte says
// what happens (see Event), one how many milliseconds later, one how many of the following bytes
// belong to it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "core/dialogue.h"

namespace {

using namespace tocsin;

constexpr SteadyTime kStart{1h};

Monitor chosen_monitor(uint8_t choice) {
  const auto expect = [](std::string regex, std::vector<std::string> refuse = {}) {
    return Step(ExpectStep{std::move(regex), true, std::move(refuse)});
  };
  const auto data = [](Comparison comparison, std::string target) {
    return Assertion{AssertionSource::response_data, "", comparison, std::move(target)};
  };
  Monitor monitor;
  switch (choice) {
    case 0:
      monitor.request = {SendStep{"PING\r\n"}, ExpectStep{"+PONG", false, {}}};
      break;
    case 1:
      monitor.request = {expect("^220 .*\r\n", {"^5"}), SendStep{"EHLO x\r\n"},
                         expect("^250 ", {"^[45]"})};
      break;
    case 2:
      monitor.request = {expect("\\$ $"), SendStep{"exit\n"}, expect("\\bbye\\b")};
      break;
    case 3:
      monitor.request = {ExpectStep{"220", false, {}}, SendStep{"STARTTLS\r\n"}, expect("^2"),
                         StarttlsStep{}, expect("^250")};
      break;
    case 4:
      monitor.assertions = {data(Comparison::contains, "ready"),
                            data(Comparison::not_contains, "ERR")};
      break;
    case 5:
      monitor.request = {SendStep{"a"}, expect("x"), SendStep{"b"}};
      monitor.assertions = {data(Comparison::matches, "o+k"), data(Comparison::equals, "ok")};
      break;
    case 6:
      monitor.request = {SendStep{"hello\r\n"}};
      break;
    case 7:
      monitor.assertions = {data(Comparison::is_empty, "")};
      break;
    case 8:
      monitor.request = {expect("id=(\\d+)", {"^-ERR"}), SendStep{"x", {{1, "1"}}}, expect("ok")};
      break;
    case 9:
      monitor.request = {ExpectJsonStep{"$.status", "ok", {"^-ERR"}}, SendStep{"bye"}};
      break;
    case 10:
      monitor.request = {expect("<(?P<a>[^>]*)>(x*)"), expect("y"),
                         SendStep{"", {{0, "a"}, {0, "2"}}}, ExpectJsonStep{"$[*]", std::nullopt}};
      break;
    default:
      monitor.request = {SendStep{"{}"}, ExpectJsonStep{"$", std::nullopt}, StarttlsStep{},
                         expect("(.*)"), SendStep{"", {{0, "1"}}}};
  }
  return monitor;
}

struct Event {
  enum class Kind : uint8_t { bytes, sent, time, tls_done, close, reset };
  Kind kind = Kind::bytes;
  Duration after{};
  std::string bytes;
};

std::vector<Event> read_events(std::string_view input) {
  std::vector<Event> events;
  while (input.size() >= 3) {
    Event event{static_cast<Event::Kind>(static_cast<uint8_t>(input[0]) % 6),
                std::chrono::milliseconds(static_cast<uint8_t>(input[1])),
                {}};
    const size_t size = static_cast<uint8_t>(input[2]);
    input.remove_prefix(3);
    if (event.kind == Event::Kind::bytes) {
      event.bytes = input.substr(0, size);
      input.remove_prefix(event.bytes.size());
      if (size == 255) {  // a way to reach 64 KiB from a small input
        event.bytes.assign(20'000, event.bytes.empty() ? 'x' : event.bytes.front());
      }
    }
    events.push_back(std::move(event));
  }
  return events;
}

// One talk; the rules that hold after every step are checked in obey().
class Talk {
 public:
  explicit Talk(const Monitor& monitor)
      : dialogue_(monitor, kStart + monitor.timeout), deadline_(kStart + monitor.timeout) {
    obey(dialogue_.start(now_));
  }

  void happen(const Event& event) {
    wait_until(now_ + event.after);
    switch (event.kind) {
      case Event::Kind::bytes:
        return obey(dialogue_.on_bytes(event.bytes, now_));
      case Event::Kind::sent:
        return obey(dialogue_.on_sent(now_));
      case Event::Kind::time:
        return obey(dialogue_.on_time(now_));
      case Event::Kind::tls_done:
        return obey(dialogue_.on_tls_done(now_));
      case Event::Kind::close:
        return obey(dialogue_.on_peer_closed(now_));
      case Event::Kind::reset:
        return obey(dialogue_.on_reset(now_));
    }
  }
  // Lets everything be sent and time pass to the end. The verdict: an error code, or nothing for
  // success.
  std::optional<ErrorCode> finish() {
    wait_until(kNever);
    CHECK(outcome_.has_value(), "it ends at the deadline at the latest");
    return outcome_->error ? std::optional(outcome_->error->code) : std::nullopt;
  }
  [[nodiscard]] bool is_done() const { return outcome_.has_value(); }
  void let_sends_leave() { sends_leave_ = true; }

 private:
  void wait_until(SteadyTime until) {
    for (int idle = 0; !outcome_ && wake_at_ < until; ++idle) {
      CHECK(idle < 100'000, "it does not wake for ever");
      now_ = std::max(now_, wake_at_);
      obey(dialogue_.on_time(now_));
    }
    if (until != kNever) {
      now_ = until;
    }
  }

  void obey(const Dialogue::Action& action) {
    CHECK(dialogue_.received().size() <= kReceiveBytesMax, "64 KiB");
    CHECK(!dialogue_.last_used() || *dialogue_.last_used() <= now_,
          "no byte was used before it came");
    if (outcome_) {
      CHECK(action.done && action.error == outcome_->error, "the end is the end");
      CHECK(action.send.empty() && !action.start_tls, "nothing is asked for after the end");
      return;
    }
    if (action.done) {
      outcome_ = action;
      return;
    }
    CHECK(action.wake_at <= deadline_, "it wakes at the deadline at the latest");
    wake_at_ = action.wake_at;
    if (!action.send.empty() && sends_leave_) {
      obey(dialogue_.on_sent(now_));
    }
  }

  Dialogue dialogue_;
  SteadyTime deadline_;
  SteadyTime now_ = kStart;
  SteadyTime wake_at_ = kNever;
  bool sends_leave_ = false;
  std::optional<Dialogue::Action> outcome_;
};

// The bytes of all events in cuts of `cut` bytes, at one moment, then silence or a close.
std::optional<ErrorCode> verdict_in_cuts(const Monitor& monitor, std::string_view bytes, size_t cut,
                                         bool close) {
  Talk talk(monitor);
  talk.let_sends_leave();
  talk.happen({Event::Kind::sent, {}, {}});
  for (; !bytes.empty(); bytes.remove_prefix(std::min(cut, bytes.size()))) {
    talk.happen({Event::Kind::bytes, {}, std::string(bytes.substr(0, cut))});
  }
  if (close) {
    talk.happen({Event::Kind::close, {}, {}});
  }
  return talk.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  static const std::array<Monitor, 12> kMonitors = [] {
    std::array<Monitor, 12> monitors;
    for (uint8_t choice = 0; choice < monitors.size(); ++choice) {
      monitors.at(choice) = chosen_monitor(choice);
    }
    return monitors;
  }();
  const Monitor& monitor = kMonitors.at(data[0] % kMonitors.size());
  const std::vector<Event> events =
      read_events(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  Talk talk(monitor);
  std::string bytes;
  for (const Event& event : events) {
    talk.happen(event);
    bytes += event.bytes;
  }
  talk.finish();

  const bool has_tls =
      data[0] % 12 == 3 ||
      data[0] % 12 == 11;  // the bytes after the agreement depend on the moment of the handshake
  if (!has_tls) {
    const uint8_t how = data[0] / 12;
    const bool closes = how % 2 == 1;
    const size_t cut = std::array<size_t, 3>{1, 7, 4096}[how / 2 % 3];
    if (bytes.size() / cut < 1'000) {
      CHECK(verdict_in_cuts(monitor, bytes, cut, closes) ==
                verdict_in_cuts(monitor, bytes, SIZE_MAX, closes),
            "the cuts do not matter");
    }
  }
  return 0;
}
