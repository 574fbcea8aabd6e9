// ProbeResult: facts of one attempt, no judgement. Times are microseconds; an absent phase did not
// happen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/error_code.h"
#include "base/ids.h"
#include "base/time.h"
#include "model/certificate.h"

namespace tocsin {

// Of one name: an answer by UDP holds no more.
inline constexpr size_t kNameAddressesMax = 64;
// Of them so many are tried: more would only be waited for in vain.
inline constexpr size_t kTriedAddressesMax = 16;

struct Phases {
  std::optional<Duration> dns, connect, tls, data;
  bool operator==(const Phases&) const = default;
};

struct TlsFacts {
  std::string version;  // "TLSv1.3"
  std::string cipher;
  std::string alpn;
  std::string subject, issuer;     // of the leaf; safe to show
  std::vector<std::string> names;  // DNS and IP names of the leaf
  SystemTime not_before{}, not_after{};
  int chain_length = 0;
  bool resumed = false;            // the certificates are those of the handshake it goes back to
  std::vector<Certificate> chain;  // as it was sent, leaf first; at most kTlsChainMax
  OcspStaple staple;
  bool operator==(const TlsFacts&) const = default;
};

// One line of the transcript.
struct TranscriptEntry {
  enum class Kind : uint8_t { sent = 1, received = 2, note = 3 };
  Kind kind = Kind::note;
  Duration at{};      // from the start of the attempt
  std::string bytes;  // at most 4 KiB each
  bool operator==(const TranscriptEntry&) const = default;
};
std::string_view transcript_kind_name(TranscriptEntry::Kind kind);  // "sent", "received", "note"

// One step of the dialogue, as far as it was reached, in order.
struct StepTime {
  enum class Kind : uint8_t { send = 1, expect = 2, starttls = 3 };
  Kind kind = Kind::send;
  Duration at{};  // when its turn came, from the start of the attempt
  // Until its bytes had left, its answer had come, TLS was there; of the failed step: until it
  // failed.
  Duration took{};
  bool failed = false;   // the last one at most
  bool implied = false;  // of the talk before STARTTLS, which no request writes
  bool operator==(const StepTime&) const = default;
};
std::string_view step_kind_name(StepTime::Kind kind);  // "send", "expect", "starttls"
// Through whom the connection went; only with a proxy.
struct ProxyFacts {
  std::optional<SocketAddress> address;  // of the proxy; nothing when it was never found
  std::optional<Duration> reached;       // connect to the proxy; within phases.connect
  std::optional<Duration> through;       // the talk with it, until it was through to the target
  bool operator==(const ProxyFacts&) const = default;
};

// With ip_family `all`: one that did not pass.
struct FailedAddress {
  SocketAddress address;
  ErrorCode code = ErrorCode::timeout;
  Duration response_time{};
  bool operator==(const FailedAddress&) const = default;
};

// The name leads elsewhere (core/address_watch.h says when that is told).
struct AddressMove {
  std::vector<IpAddress> from, to;
  bool operator==(const AddressMove&) const = default;
};

// Each number has its initializer: a prober makes old ones as new without zeroing them first.
struct ProbeResult {
  ResultId id;
  SystemTime started{};         // real start, wall clock
  Duration scheduling_delay{};  // planned slot to real start
  // Start of dns to the arrival of the last byte used (product.md).
  Duration response_time{};
  Phases phases;
  // Of the attempt itself; limits and assertions come later, in evaluate.
  std::optional<ProbeError> error;

  // The peer of the connection; with a proxy nothing, as only the proxy knows the target's address.
  std::optional<SocketAddress> remote, local;
  std::optional<ProxyFacts> proxy;
  std::optional<Duration> kernel_rtt;  // SYN to SYN-ACK by TCP_INFO
  uint32_t syn_retransmits = 0;
  bool dns_cached = false;
  // The address is an old one, as the resolver was silent or failed. The wait for it is in no time
  // of this result: it is our own.
  bool stale_dns = false;
  // At most so much of response_time is our own doing: the loop came late to what had happened. Of
  // a timeout: so much is missing of the time that the peer should have had. 0: what was measured
  // is proven.
  Duration loop_lag{};
  std::optional<TlsFacts> tls;

  std::string sent;      // first 4 KiB
  std::string received;  // at most kReceiveBytesMax
  uint64_t bytes_sent = 0, bytes_received = 0;
  bool received_truncated = false;  // more came than is kept: `received` is the beginning
  bool peer_closed = false;
  bool reset_after_verdict = false;  // a fact, not a failure
  std::vector<TranscriptEntry> transcript;
  std::vector<StepTime> steps;
  // All that the resolver named, at most kNameAddressesMax. For the watch only; never stored.
  std::vector<IpAddress> name_addresses;
  std::optional<AddressMove> moved;
  // Of `all`: how many were probed, of how many more the name consists, and those of the probed
  // that did not pass. At most kTriedAddressesMax are probed.
  uint32_t addresses_probed = 0, addresses_left_out = 0;
  std::vector<FailedAddress> failed_addresses;
  bool operator==(const ProbeResult&) const = default;
};

}  // namespace tocsin
