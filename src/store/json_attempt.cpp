// The stored form of one attempt in full: facts, bytes, transcript and judgement.
#include "store/json.h"
#include "store/json_archive.h"
#include "store/json_shared.h"

namespace tocsin::stored {

template <class Archive, Is<ResultId> V>
void describe(Archive& archive, V& id) {
  archive.field("monitor", id.monitor.value);
  archive.sparse("location", id.location);
  archive.sparse("clock_epoch", id.clock_epoch);
  archive.field("slot_us", id.slot);
  archive.field("attempt", id.attempt);
}

template <class Archive, Is<Phases> V>
void describe(Archive& archive, V& phases) {
  archive.field("dns_us", phases.dns);
  archive.field("connect_us", phases.connect);
  archive.field("tls_us", phases.tls);
  archive.field("data_us", phases.data);
}

template <class Archive, Is<Certificate> V>
void describe(Archive& archive, V& certificate) {
  archive.sparse("subject", certificate.subject);
  archive.sparse("issuer", certificate.issuer);
  archive.sparse("key", certificate.key);
  archive.field("not_before_us", certificate.not_before);
  archive.field("not_after_us", certificate.not_after);
}

template <class Archive, Is<OcspStaple> V>
void describe(Archive& archive, V& staple) {
  archive.sparse("says", staple.says);
  archive.sparse("this_update_us", staple.this_update);
  archive.sparse("next_update_us", staple.next_update);
  archive.sparse("revoked_at_us", staple.revoked_at);
}

template <class Archive, Is<TlsFacts> V>
void describe(Archive& archive, V& tls) {
  archive.sparse("version", tls.version);
  archive.sparse("cipher", tls.cipher);
  archive.sparse("alpn", tls.alpn);
  archive.sparse("subject", tls.subject);
  archive.sparse("issuer", tls.issuer);
  archive.sparse("names", tls.names);
  archive.field("not_before_us", tls.not_before);
  archive.field("not_after_us", tls.not_after);
  archive.sparse("chain_length", tls.chain_length);
  archive.sparse("resumed", tls.resumed);
  archive.sparse("chain", tls.chain);
  archive.sparse("staple", tls.staple);
}

template <class Archive, Is<TranscriptEntry> V>
void describe(Archive& archive, V& entry) {
  archive.field("kind", entry.kind);
  archive.field("at_us", entry.at);
  archive.sparse("bytes", entry.bytes);
}

template <class Archive, Is<StepTime> V>
void describe(Archive& archive, V& step) {
  archive.field("kind", step.kind);
  archive.field("at_us", step.at);
  archive.field("took_us", step.took);
  archive.sparse("failed", step.failed);
  archive.sparse("implied", step.implied);
}

template <class Archive, Is<ProxyFacts> V>
void describe(Archive& archive, V& proxy) {
  archive.field("address", proxy.address);
  archive.field("reached_us", proxy.reached);
  archive.field("through_us", proxy.through);
}

template <class Archive, Is<FailedAddress> V>
void describe(Archive& archive, V& failed) {
  archive.field("address", failed.address);
  archive.field("code", failed.code);
  archive.sparse("response_time_us", failed.response_time);
}

template <class Archive, Is<ProbeResult> V>
void describe(Archive& archive, V& result) {
  archive.field("id", result.id);
  archive.field("started_us", result.started);
  archive.sparse("scheduling_delay_us", result.scheduling_delay);
  archive.sparse("response_time_us", result.response_time);
  archive.field("phases", result.phases);
  archive.field("error", result.error);
  archive.field("remote", result.remote);
  archive.field("local", result.local);
  archive.field("kernel_rtt_us", result.kernel_rtt);
  archive.sparse("syn_retransmits", result.syn_retransmits);
  archive.sparse("dns_cached", result.dns_cached);
  archive.sparse("stale_dns", result.stale_dns);
  archive.sparse("loop_lag_us", result.loop_lag);
  archive.field("tls", result.tls);
  archive.sparse("sent", result.sent);
  archive.sparse("received", result.received);
  archive.sparse("bytes_sent", result.bytes_sent);
  archive.sparse("bytes_received", result.bytes_received);
  archive.sparse("received_truncated", result.received_truncated);
  archive.sparse("peer_closed", result.peer_closed);
  archive.sparse("reset_after_verdict", result.reset_after_verdict);
  archive.sparse("transcript", result.transcript);
  archive.sparse("steps", result.steps);
  archive.field("proxy", result.proxy);
  archive.field("moved", result.moved);
  archive.sparse("addresses_probed", result.addresses_probed);
  archive.sparse("addresses_left_out", result.addresses_left_out);
  archive.sparse("failed_addresses", result.failed_addresses);
}

template <class Archive, Is<AssertionResult> V>
void describe(Archive& archive, V& assertion) {
  archive.field("index", assertion.index);
  archive.field("passed", assertion.passed);
  archive.sparse("actual", assertion.actual);
  archive.sparse("reason", assertion.reason);
}

template <class Archive, Is<Evaluation> V>
void describe(Archive& archive, V& evaluation) {
  archive.field("verdict", evaluation.verdict);
  archive.field("error", evaluation.error);
  archive.sparse("reason", evaluation.reason);
  archive.sparse("assertions", evaluation.assertions);
}

template <class Archive, Is<Attempt> V>
void describe(Archive& archive, V& attempt) {
  archive.field("result", attempt.result);
  archive.field("evaluation", attempt.evaluation);
}

}  // namespace tocsin::stored

namespace tocsin {

std::string to_json(const Attempt& attempt) { return stored::write_json(attempt); }

Result<Attempt> attempt_from_json(std::string_view text) {
  return stored::read_json<Attempt>(text, "attempt");
}

}  // namespace tocsin
