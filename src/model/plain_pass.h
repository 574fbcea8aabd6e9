// PlainPass: a pass at the first attempt of which nothing is kept but numbers, which nearly all
// results are, in 96 bytes without a pointer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "base/ids.h"
#include "model/pass_sentence.h"
#include "model/verdict.h"

namespace tocsin {

// Do not change the values: they are on disk.
enum class RemoteKind : uint8_t { none = 0, v4 = 1, v6 = 2 };

// What is absent is 0. Times are microseconds.
struct PlainPass {
  // Bits of `has`. Do not change the values: they are on disk.
  enum Has : uint8_t { has_dns = 1, has_connect = 2, has_tls = 4, has_data = 8, has_rtt = 16 };
  // Bits of `flags`. Do not change the values: they are on disk.
  enum Flag : uint8_t {
    dns_cached = 1,
    stale_dns = 2,
    received_truncated = 4,
    peer_closed = 8,
    reset_after_verdict = 16,
  };

  SystemTime slot{};
  MonitorUid monitor;
  uint32_t clock_epoch = 0;
  uint32_t response = 0;
  uint32_t dns = 0, connect = 0, tls = 0, data = 0;
  uint32_t kernel_rtt = 0;
  uint32_t delay = 0;  // slot to start
  int32_t drift = 0;   // what the clock said at the start beyond slot + delay, nearly always 0
  uint32_t syn_retransmits = 0;
  uint32_t loop_lag = 0;
  uint32_t bytes_sent = 0, bytes_received = 0;
  uint16_t location = 0;
  uint16_t port = 0;             // of the remote address
  std::array<uint8_t, 16> ip{};  // v4 uses the first four
  RemoteKind remote = RemoteKind::none;
  uint8_t has = 0;
  uint8_t flags = 0;
  PassForm form = PassForm::other;  // `other`: it says nothing

  bool operator==(const PlainPass&) const = default;
};
static_assert(sizeof(PlainPass) == 96 && std::is_trivially_copyable_v<PlainPass>);

// Slots lie from 1970 to the end of the year 9999.
inline constexpr int64_t kPlainSlotMax = 253'402'300'799'999'999;

// True when attempt_of takes it: no number beyond its bounds, what is absent is 0.
bool is_well_formed(const PlainPass& pass);

// Nothing when the attempt did not pass, is a retry, reached a unix socket, says another sentence
// or has a number that does not fit. Bytes, transcript, tls and assertions are left out: whoever
// wants to keep them must not ask.
std::optional<PlainPass> plain_pass_of(const Attempt& attempt);

// The same of a result that is known to have passed at its first attempt and to say `form`.
std::optional<PlainPass> plain_pass_of(const ProbeResult& result, PassForm form);

ResultId id_of(const PlainPass& pass);
Phases phases_of(const PlainPass& pass);

// What is kept of the attempt that `pass`, which is well-formed, was made of.
Attempt attempt_of(const PlainPass& pass);

}  // namespace tocsin
