// A tiny language for the tests of the reading rules: what a peer does, when, and how the dialogue
// must end.
//
//   play(pings(), {at(5ms).says("+PO"), at(7ms).says("NG\r\n")})   ->   "done at 7ms, used 7ms"
//
// The player stands in for the probe engine: sends leave at once unless the timeline says when, and
// it wakes the dialogue exactly when asked to. Time 0 is the end of the connect; the attempt began
// then too.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/dialogue.h"

namespace tocsin::timeline {

struct Event {
  enum class Kind : uint8_t { bytes, close, reset, send_leaves, tls_done };
  Duration at{};
  Kind kind = Kind::bytes;
  std::string bytes;
};

struct At {
  Duration at;
  [[nodiscard]] Event says(std::string bytes) const {
    return {at, Event::Kind::bytes, std::move(bytes)};
  }
  [[nodiscard]] Event closes() const { return {at, Event::Kind::close, {}}; }
  [[nodiscard]] Event resets() const { return {at, Event::Kind::reset, {}}; }
  [[nodiscard]] Event send_leaves() const { return {at, Event::Kind::send_leaves, {}}; }
  [[nodiscard]] Event tls_done() const { return {at, Event::Kind::tls_done, {}}; }
};
inline At at(Duration when) { return At{when}; }

// What is checked.
inline Step send(std::string bytes) { return SendStep{std::move(bytes)}; }
inline Step expect(std::string literal) { return ExpectStep{std::move(literal), false, {}}; }
inline Step expect_regex(std::string regex, std::vector<std::string> refuse = {}) {
  return ExpectStep{std::move(regex), true, std::move(refuse)};
}
inline Assertion data(Comparison comparison, std::string target = "", std::string property = "") {
  return {AssertionSource::response_data, std::move(property), comparison, std::move(target)};
}

inline Monitor monitor(std::vector<Step> request, std::vector<Assertion> assertions = {}) {
  Monitor made;
  made.request = std::move(request);
  made.assertions = std::move(assertions);
  made.timeout = 10s;
  return made;
}
inline Monitor pings() { return monitor({send("PING\r\n"), expect("+PONG")}); }
inline Monitor asserts(Comparison comparison, std::string target = "") {
  return monitor({send("PING\r\n")}, {data(comparison, std::move(target))});
}

// How it went. `sent` holds each send with a bar between; "TLS" stands where the handshake began.
struct Played {
  Duration done_at{};
  std::optional<ProbeError> error;
  std::optional<Duration> used;
  std::string sent;
  std::string received;
  bool truncated = false;
  std::vector<TranscriptEntry> transcript;
  std::vector<StepTime> steps;

  // "done at 7ms, used 7ms" or "timeout in data at 10s, used -".
  [[nodiscard]] std::string text() const;
};

// `sends_leave_at_once` false: a send leaves only at send_leaves().
Played play(const Monitor& monitor, const std::vector<Event>& events,
            bool sends_leave_at_once = true);

}  // namespace tocsin::timeline
