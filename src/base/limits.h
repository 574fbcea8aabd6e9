// Every limit on what comes from outside, each with its unit and its why. A limit that only one
// file needs may live there.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace tocsin {

inline constexpr size_t operator""_KiB(unsigned long long value) { return value * 1024; }
inline constexpr size_t operator""_MiB(unsigned long long value) { return value * 1024 * 1024; }

// --- a monitor (product.md, "A monitor")
inline constexpr size_t kHostBytesMax = 253;  // RFC 1035 2.3.4, without the trailing dot
// Fits a URL segment even when every byte is escaped.
inline constexpr size_t kMonitorIdBytesMax = 200;
inline constexpr size_t kNameBytesMax = 500;
inline constexpr size_t kTextBytesMax = 8_KiB;   // description, runbook
inline constexpr size_t kSendBytesMax = 64_KiB;  // all send steps of one monitor
inline constexpr size_t kStepsMax = 32;
inline constexpr size_t kAssertionsMax = 50;
// One regular expression; with kRegexMemoryMax bounds RE2.
inline constexpr size_t kPatternBytesMax = 1_KiB;
// What one group of a regular expression may hand on to a later send.
inline constexpr size_t kCaptureBytesMax = 4_KiB;
// Bytes for one compiled pattern. RE2 takes them only when an answer leads it to many states, and
// is a hundred times slower, on the loop, when they do not suffice.
inline constexpr int64_t kRegexMemoryMax = 8 << 20;
// RE2's instructions of one pattern. 64 KiB of answer against so many take a few milliseconds, and
// a fifth of a second when they are made to be slow; without a limit it would be many seconds.
inline constexpr int kRegexSizeMax = 1000;
inline constexpr size_t kResolversMax = 8;  // asked in turn for one name
inline constexpr size_t kTagsMax = 50;
inline constexpr size_t kTagBytesMax = 100;
inline constexpr size_t kForEachMax = 1000;
inline constexpr size_t kMonitorsMax = 1'000'000;
inline constexpr size_t kUiChannelsMax = 1000;  // made over the API; files are not limited
inline constexpr Duration kTimeoutMin = 100ms;
inline constexpr Duration kTimeoutMax = 120s;
inline constexpr Duration kIntervalMin = 1s;
inline constexpr Duration kIntervalMax = 24h;
inline constexpr Duration kRetryTotalMax = 600s;
inline constexpr uint32_t kRetriesMax = 10;
inline constexpr uint32_t kRunsMax = 100;  // after_runs, recover_after_runs

// --- one attempt (product.md, "One attempt")
// A banner is under 1 KiB; bounds memory of an endless answer.
inline constexpr size_t kReceiveBytesMax = 64_KiB;
// Of them, kept with a result: who reads it needs no more, and an endless server, asked every few
// seconds, does not fill the disk.
inline constexpr size_t kReceivedKeptBytesMax = 16_KiB;
// No byte for this long after the first: the answer is over.
inline constexpr Duration kQuiet = 1s;
// The same when nothing is judged: the answer is only kept.
inline constexpr Duration kAnswerQuiet = 100ms;
// Longest wait for an answer that nothing judges.
inline constexpr Duration kAnswerWindow = 1s;
// Polite close: read and dropped after shutdown.
inline constexpr size_t kDrainBytesMax = 16_KiB;
inline constexpr Duration kDrainTime = 1s;
// How old a cached address may be while the resolver is down.
inline constexpr Duration kStaleDnsMax = 1h;
// What of our own delay is made up for at a deadline; beyond it a timeout is not believed.
inline constexpr Duration kLateTolerance = 250ms;
inline constexpr uint32_t kFullHandshakeEvery = 10;  // TLS handshakes
inline constexpr uint32_t kFullHandshakeEveryMax = 1000;
inline constexpr size_t kTlsChainMax = 16;  // certificates looked at

// --- config files
inline constexpr size_t kConfigBytesMax = 16_MiB;  // one file
inline constexpr size_t kConfigDepthMax = 32;
inline constexpr size_t kConfigNodesMax = 5'000'000;   // all files; 1 M monitors of 5 fields
inline constexpr size_t kSecretFileBytesMax = 64_KiB;  // ${file:...}

// --- the engine's loop
// Requests of API clients that wait for the loop; beyond it they are refused.
inline constexpr size_t kLoopRequestsMax = 1000;
// How long one piece of a request may hold the loop: a longer reading goes on in a later turn.
inline constexpr Duration kLoopPieceTime = 100us;
// A piece is put off while a check is due that soon, but not for more turns than so many.
inline constexpr Duration kLoopPieceGap = 200us;
inline constexpr size_t kLoopPutOffMax = 16;

// --- HTTP server
inline constexpr size_t kHttpHeaderBytesMax = 16_KiB;
inline constexpr size_t kHttpBodyBytesMax = 1_MiB;
inline constexpr Duration kHttpHeaderTime = 10s;
inline constexpr Duration kHttpIdleTime = 60s;
inline constexpr size_t kHttpConnectionsMax = 2000;
inline constexpr size_t kJsonDepthMax = 32;
// Of one credential: so many at once, then so many a second (server.rate_limit).
inline constexpr uint32_t kRequestBurst = 200;
inline constexpr uint32_t kRequestsPerSecond = 50;
inline constexpr uint32_t kRequestRateMax = 1'000'000;  // of both; as good as none
inline constexpr size_t kPageMax = 1000;                // rows of one list answer
inline constexpr size_t kPageDefault = 100;

// --- deliveries (product.md, "Delivery")
inline constexpr Duration kDeliveryHorizon = 72h;  // back-off goes on for three days
inline constexpr Duration kDeliveryTimeout = 15s;  // one send attempt by HTTP
inline constexpr Duration kMailTimeout = 10min;    // one by SMTP (RFC 5321 4.5.3.2.6)
// A test that somebody waits for; a browser gives up before a mail server's ten minutes are over.
inline constexpr Duration kTestSendTimeout = 15s;
inline constexpr size_t kDeliveryReplyBytesMax = 64_KiB;
inline constexpr Duration kRetryAfterMax = 1h;  // what we accept of a receiver's Retry-After

// --- store
// Freed when the disk fills (architecture.md, invariant 2).
inline constexpr size_t kReserveFileBytes = 64_MiB;
inline constexpr size_t kWriteBatchRows = 1000;
// A transition waits at most this long for company.
inline constexpr Duration kWriteGather = 20ms;
inline constexpr Duration kWriteDelay = 1s;  // plain results wait at most this long
// Results waiting for the writer; beyond it they are dropped and counted.
inline constexpr size_t kWriteQueueRowsMax = 200'000;

}  // namespace tocsin
