// evaluate: from facts to a verdict. The one place that knows expect, should_fail, the limits and
// the order in which they count.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/monitor.h"
#include "model/pass_sentence.h"
#include "model/verdict.h"

namespace tocsin {

// Order: our own trouble -> unknown; expect closed/unreachable; should_fail (seed 000: a dns,
// connect or tls failure passes, its error kept; after success only assertions count, limits do
// not); the attempt's own error -> failed; assertions -> failed (assertion_failed); fail_after ->
// failed (too_slow); degraded_after -> degraded; else passed. Limits: strictly greater counts.
// What only our own delay makes of it (loop_lag), a timeout or a limit exceeded, is unknown
// (overloaded).
Evaluation evaluate(const Monitor& monitor, const ProbeResult& result);

// A failure that is not to be believed: unknown, for the reason in `doubt`.
Evaluation withheld(const Monitor& monitor, const ProbeResult& result, const ProbeError& doubt);

// The form of the sentence when evaluate() would say passed and nothing but that: what is expected
// is an open port, nothing is asserted, no limit is exceeded. Most results are so, and need no
// more.
std::optional<PassForm> plain_pass_form(const Monitor& monitor, const ProbeResult& result);

// Detail of a tcp_refused that was no refusal: the kernel had connected the socket to itself.
inline constexpr std::string_view kConnectedToItself = "connected to itself";
// How the detail of a local_resource begins when the machine lacks the address that checks are to
// come from; the address follows.
inline constexpr std::string_view kNoSource = "this machine does not have the source address ";
// How the detail of a host_unreachable begins when no router said it but this machine itself, which
// found no neighbour; the address follows.
inline constexpr std::string_view kNoNeighbour =
    "nobody on the network of this machine answers for ";
// How the detail of a self_offline begins when it is this machine's own routes that lack something;
// the address follows.
inline constexpr std::string_view kNoRouteTo = "this machine has no route to ";
// The same when the first router on the way is silent; its address and the target's follow.
inline constexpr std::string_view kSilentRouter =
    "this machine gets no answer from its own router ";
// How the detail of a tcp_refused of a unix socket ends that is not there, or is something else.
inline constexpr std::string_view kNoSuchPath = " does not exist";
inline constexpr std::string_view kNoSocket = " is no socket";
// How the detail of a refusal begins that is a proxy's own word: no lateness of ours brings it
// about.
inline constexpr std::string_view kProxyRefused = "proxy refused: ";
// How the detail of a proxy_failed begins when it speaks something else, and how it ends when it
// went away.
inline constexpr std::string_view kNoProxyOfItsKind = "it is no ";
inline constexpr std::string_view kBeforeItsAnswer = " the connection before its answer";
// How the detail of a proxy_failed begins when it took the connection; a duration follows.
inline constexpr std::string_view kProxySilent =
    "the proxy took the connection and gave no answer within ";
// How the detail of a local_resource begins when a file that TLS needs cannot be used; its field
// and its name follow.
inline constexpr std::string_view kUnusableFile = "cannot read ";
// How the detail of a tls_handshake begins when the peer sent an alert, whose words follow, or when
// it spoke no TLS; its first bytes follow.
inline constexpr std::string_view kTlsAlert = "the server said: ";
inline constexpr std::string_view kNotTls = "this is not TLS: the answer begins with ";
// How the detail of an expect_mismatch begins when the server would not have us before we had said
// anything of STARTTLS; its words follow.
inline constexpr std::string_view kTurnedAway = "the server turned us away before STARTTLS: ";
// How it ends when the peer had asked who we are, and we had no certificate to show.
inline constexpr std::string_view kAskedForCertificate =
    ", after it had asked for a client certificate";

// Plain sentence for a person: what happened, with the numbers. "Nothing is listening on port 6379:
// the host answered with a reset."
std::string explain_error(const ProbeError& error, const Monitor& monitor,
                          const ProbeResult& result);

// The error of an evaluation as it lives on without its attempt: with the evaluation's reason as
// its sentence.
std::optional<ProbeError> kept_error(const Evaluation& evaluation);
// The one source of words for an error that has left its attempt: its own sentence, else (stored by
// an older version) the table's with the detail behind it.
std::string error_text(const ProbeError& error);

}  // namespace tocsin
