#include "cli/probe_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/bytes.h"
#include "core/assert.h"
#include "core/causes.h"
#include "core/evidence_text.h"
#include "core/secrets.h"
#include "core/step_text.h"

namespace tocsin::cli {
namespace {

constexpr size_t kShownBytesMax = 1024;  // of an answer, with -v; -vv shows the transcript

struct Mark {
  std::string_view sign;
  Tone tone;
};
Mark mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return {"✓", Tone::good};
    case Verdict::degraded:
      return {"▲", Tone::warning};
    case Verdict::failed:
      return {"✕", Tone::bad};
    case Verdict::unknown:
      return {"?", Tone::warning};
  }
  return {"?", Tone::warning};
}

void add_phase(std::string& text, Phase phase, const std::optional<Duration>& time) {
  if (time) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : "  ", phase_name(phase), human_duration(*time));
  }
}

std::string phases_text(const Phases& phases) {
  std::string text;
  add_phase(text, Phase::dns, phases.dns);
  add_phase(text, Phase::connect, phases.connect);
  add_phase(text, Phase::tls, phases.tls);
  add_phase(text, Phase::data, phases.data);
  return text;
}

std::string note(std::string_view name, const std::string& value) {
  return fmt::format("    {:<12} {}\n", name, value);
}

std::string why_text(const Attempt& attempt, const Style& style) {
  std::string text = fmt::format("    {}\n", attempt.evaluation.reason);
  for (const AssertionResult& assertion : attempt.evaluation.assertions) {
    // Of one that fails alone the reason is the sentence above.
    if (!assertion.passed && !attempt.evaluation.reason.ends_with(assertion.reason)) {
      text += fmt::format("    assertion {}: {}\n", assertion.index + 1, assertion.reason);
    }
  }
  const auto& error = attempt.evaluation.error;
  if (error && !error_info(error->code).hint.empty()) {
    text +=
        paint(style, Tone::dim, fmt::format("    try: {}", error_info(error->code).hint)) + "\n";
  }
  return text;
}

std::string notes(std::string_view name, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += note(text.empty() ? name : "", line);
  }
  return text;
}

// Guesses, the likeliest first, and what else to run; who reads this has `tocsin probe` at hand.
std::string advice_text(const Monitor& monitor, const Attempt& attempt, const Evidence* evidence) {
  const ProbeError& error = *attempt.evaluation.error;
  std::vector<std::string> causes = likely_causes(error, monitor, attempt.result, evidence);
  std::erase(causes, error_info(error.code).hint);
  std::vector<std::string> commands = commands_to_try(error, monitor, attempt.result);
  std::erase_if(commands, [](const std::string& line) {
    return line.starts_with("tocsin probe ") || line.starts_with(kCommandLacks);
  });
  return notes("likely", causes) + notes("or run", commands);
}

// "192.0.2.9:1080, reached in 2 ms, through in 6 ms"
std::string proxy_note(const ProxyFacts& proxy) {
  std::string text = proxy.address ? proxy.address->text() : "not found";
  if (proxy.reached) {
    text += fmt::format(", reached in {}", human_duration(*proxy.reached));
  }
  if (proxy.through) {
    text += fmt::format(", through in {}", human_duration(*proxy.through));
  }
  return text;
}

// "16 probed, 1 not passed: 192.0.2.2:80 (tcp_refused); 4 more were not probed"
std::string failed_note(const ProbeResult& result) {
  std::string failed;
  for (const FailedAddress& each : result.failed_addresses) {
    failed += fmt::format("{}{} ({})", failed.empty() ? "" : ", ", each.address.text(),
                          error_name(each.code));
  }
  const std::string left_out =
      result.addresses_left_out == 0
          ? ""
          : fmt::format("; {} more were not probed", result.addresses_left_out);
  return fmt::format("{} probed, {}{}", result.addresses_probed,
                     failed.empty()
                         ? "all passed"
                         : fmt::format("{} not passed: {}", result.failed_addresses.size(), failed),
                     left_out);
}

std::string address_text(const ProbeResult& result) {
  std::string text;
  if (result.remote) {
    const bool has_local = result.local && !result.local->is_unix();  // ours there has no name
    text += note("address", has_local ? fmt::format("{} (from {})", result.remote->text(),
                                                    result.local->text())
                                      : result.remote->text());
  }
  if (result.proxy) {
    text += note("proxy", proxy_note(*result.proxy));
  }
  if (result.addresses_probed > 0) {
    text += note("addresses", failed_note(result));
  }
  if (result.phases.dns) {
    text += note("dns", result.stale_dns    ? "from the cache, past its time"
                        : result.dns_cached ? "from the cache"
                                            : "asked");
  }
  if (result.kernel_rtt) {
    text += note("kernel rtt",
                 fmt::format("{}, {} SYN retransmit{}", human_duration(*result.kernel_rtt),
                             result.syn_retransmits, result.syn_retransmits == 1 ? "" : "s"));
  }
  return text;
}

std::string bytes_text(const ProbeResult& result) {
  std::string text;
  if (result.bytes_sent > 0) {
    text += note("sent", fmt::format("{} bytes", result.bytes_sent));
  }
  if (result.bytes_received > 0) {
    text += note("received", fmt::format("{} bytes{}: {}", result.bytes_received,
                                         result.received_truncated ? ", cut" : "",
                                         escape_for_display(result.received, kShownBytesMax)));
  }
  if (result.peer_closed) {
    text += note("closed", "by the peer");
  }
  if (result.reset_after_verdict) {
    text += note("closed", "by a reset after the verdict was known");
  }
  return text;
}

// "CN=cache, by CN=Example CA, chain of 2"; a certificate need not have names of either kind.
std::string certificate_text(const TlsFacts& tls) {
  const std::string subject = tls.subject.empty() ? "without a subject" : tls.subject;
  const std::string key = tls.chain.empty() ? "" : tls.chain.front().key;
  return fmt::format("{}{}{}{}{}, chain of {}", subject, tls.issuer.empty() ? "" : ", by ",
                     tls.issuer, key.empty() ? "" : ", ", key, tls.chain_length);
}

std::string staple_text(const OcspStaple& staple) {
  if (staple.says == OcspStaple::Says::none) {
    return "";
  }
  std::string text(staple_name(staple.says));
  if (staple.says == OcspStaple::Says::revoked) {
    text += fmt::format(" since {}", rfc3339(staple.revoked_at));
  }
  if (staple.next_update != SystemTime()) {
    text += fmt::format(", said until {}", rfc3339(staple.next_update));
  }
  return note("ocsp staple", text);
}

// What is known: a handshake that ended at the certificate agreed on nothing, one that ended before
// it saw none.
std::string tls_text(const TlsFacts& tls, bool offered_alpn) {
  std::string text;
  if (!tls.version.empty()) {
    const std::string alpn = !tls.alpn.empty() ? ", alpn " + tls.alpn
                             : offered_alpn    ? ", no alpn agreed"
                                               : "";
    text += note("tls", fmt::format("{} {}{}", tls.version, tls.cipher, alpn));
  }
  if (tls.chain_length == 0) {
    return text;
  }
  text += note("certificate", certificate_text(tls));
  if (!tls.names.empty()) {
    text += note("names", fmt::format("{}", fmt::join(tls.names, ", ")));
  }
  text += note("valid", fmt::format("{} to {}", rfc3339(tls.not_before), rfc3339(tls.not_after)));
  for (size_t i = 1; i < tls.chain.size(); ++i) {
    const Certificate& each = tls.chain[i];
    text +=
        note(i == 1 ? "chain" : "",
             fmt::format(
                 "{}, {}, until {}", each.subject.empty() ? "without a subject" : each.subject,
                 each.key.empty() ? "key of an unknown kind" : each.key, rfc3339(each.not_after)));
  }
  return text + staple_text(tls.staple);
}

std::string assertions_text(const Monitor& monitor, const Evaluation& evaluation) {
  std::string text;
  for (const AssertionResult& result : evaluation.assertions) {
    if (result.index < monitor.assertions.size()) {
      text += note("assertion",
                   fmt::format("{}: {} (got {})", result.passed ? "holds" : "fails",
                               assertion_text(monitor.assertions[result.index]), result.actual));
    }
  }
  return text;
}

// "step 2      1.2 ms    expect "+PONG": failed". The talk before STARTTLS is nobody's writing.
std::string steps_text(const Monitor& monitor, const ProbeResult& result) {
  const Secrets secrets(monitor.secrets);
  std::string text;
  size_t written = 0;
  for (size_t i = 0; i < result.steps.size(); ++i) {
    const StepTime& step = result.steps[i];
    std::string what(step_kind_name(step.kind));
    if (step.implied) {
      what += step.kind == StepTime::Kind::starttls ? "" : " of the protocol";
    } else if (written < monitor.request.size()) {
      what = step_text(masked_step(monitor.request[written++], secrets));
    }
    text += note(fmt::format("step {}", i + 1),
                 fmt::format("{} {}{}", pad_right(human_duration(step.took), 9), what,
                             step.failed ? ": failed" : ""));
  }
  return text;
}

std::string transcript_text(const ProbeResult& result) {
  std::string text;
  for (const TranscriptEntry& entry : result.transcript) {
    const char* kind = entry.kind == TranscriptEntry::Kind::sent       ? "sent"
                       : entry.kind == TranscriptEntry::Kind::received ? "received"
                                                                       : "note";
    text += fmt::format("    {} {:<9} {}\n", pad_right(human_duration(entry.at), 9), kind,
                        escape_for_display(entry.bytes));
  }
  return text;
}

std::string evidence_text(const Evidence& evidence, const ProbeError& failure,
                          const Monitor& monitor) {
  std::string text = note("found", evidence_summary(evidence, failure, monitor.target));
  for (const EvidenceLine& line : evidence_lines(evidence)) {
    text += note(line.label, line.text);
  }
  return text;
}

}  // namespace

std::string probe_text(const Monitor& monitor, const Attempt& attempt, const Evidence* evidence,
                       const ProbeTextOptions& options) {
  const ProbeResult& result = attempt.result;
  const Mark mark = mark_of(attempt.evaluation.verdict);
  const bool good = attempt.evaluation.verdict == Verdict::passed;
  std::string said = phases_text(result.phases);
  if (!good && attempt.evaluation.error) {
    const std::string code(error_name(attempt.evaluation.error->code));
    said = paint(options.style, mark.tone, code) + (said.empty() ? "" : "  " + said);
  }
  std::string text = fmt::format("{} {}  {}  {}\n", paint(options.style, mark.tone, mark.sign),
                                 pad_right(monitor.target.text(), options.target_width),
                                 pad_right(human_duration(result.response_time), 8), said);
  if (!good) {
    text += why_text(attempt, options.style);
  }
  if (options.verbosity >= 1) {
    text += address_text(result) + bytes_text(result);
    text += result.tls ? tls_text(*result.tls, !monitor.tls.alpn.empty()) : "";
    text += assertions_text(monitor, attempt.evaluation);
    text += steps_text(monitor, result);
  }
  if (options.verbosity >= 2) {
    text += transcript_text(result);
  }
  if (evidence != nullptr && attempt.evaluation.error) {
    text += evidence_text(*evidence, *attempt.evaluation.error, monitor);
  }
  if (options.verbosity >= 1 && !good && attempt.evaluation.error) {
    text += advice_text(monitor, attempt, evidence);
  }
  return text;
}

std::string statistics_text(const Monitor& monitor, const ProbeStatistics& statistics,
                            const Style& style) {
  std::string counts = fmt::format("{} probe{}, {} passed", statistics.probes,
                                   statistics.probes == 1 ? "" : "s", statistics.passed);
  const auto add = [&counts](size_t count, std::string_view word) {
    counts += count > 0 ? fmt::format(", {} {}", count, word) : "";
  };
  add(statistics.degraded, "degraded");
  add(statistics.failed, "failed");
  add(statistics.unknown, "unknown");
  std::string text =
      fmt::format("{}: {}\n", paint(style, Tone::strong, monitor.target.text()), counts);
  if (const auto times = statistics.times()) {
    text += fmt::format("  min {}  p50 {}  p95 {}  p99 {}  max {}\n", human_duration(times->min),
                        human_duration(times->p50), human_duration(times->p95),
                        human_duration(times->p99), human_duration(times->max));
  }
  for (const auto& [code, count] : statistics.errors) {
    text += fmt::format("  {} {}\n", count, code);
  }
  return text;
}

}  // namespace tocsin::cli
