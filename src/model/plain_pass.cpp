#include "model/plain_pass.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tocsin {
namespace {

constexpr size_t kV4Bytes = 4;
constexpr uint8_t kAllHas = PlainPass::has_dns | PlainPass::has_connect | PlainPass::has_tls |
                            PlainPass::has_data | PlainPass::has_rtt;
constexpr uint8_t kAllFlags = PlainPass::dns_cached | PlainPass::stale_dns |
                              PlainPass::received_truncated | PlainPass::peer_closed |
                              PlainPass::reset_after_verdict;

bool is_plain_time(SystemTime at) {
  const int64_t since_1970 = at.time_since_epoch().count();
  return since_1970 >= 0 && since_1970 <= kPlainSlotMax;
}

// Fills a PlainPass and remembers whether every number had room.
class Filler {
 public:
  explicit Filler(PlainPass& pass) : pass_(pass) {}

  template <class To>
  void number(To& to, std::integral auto value) {
    fits_ = fits_ && std::in_range<To>(value);
    to = static_cast<To>(value);
  }
  template <class To>
  void duration(To& to, Duration value) {
    number(to, int64_t{value.count()});
  }
  void optional(uint32_t& to, PlainPass::Has bit, const std::optional<Duration>& value) {
    if (value) {
      duration(to, *value);
      pass_.has |= bit;
    }
  }
  void flag(PlainPass::Flag bit, bool is_set) {
    if (is_set) {
      pass_.flags |= bit;
    }
  }
  void remote(const std::optional<SocketAddress>& address) {
    if (!address) {
      return;
    }
    fits_ = fits_ && !address->is_unix();
    pass_.remote = address->ip.family == Family::v4 ? RemoteKind::v4 : RemoteKind::v6;
    const size_t size = pass_.remote == RemoteKind::v4 ? kV4Bytes : address->ip.bytes.size();
    std::copy_n(address->ip.bytes.begin(), size, pass_.ip.begin());
    pass_.port = address->port;
  }
  [[nodiscard]] bool fits() const { return fits_; }

 private:
  PlainPass& pass_;
  bool fits_ = true;
};

// Of what is no number. That addresses are never looked at is to be seen in every result.
bool is_plain(const ProbeResult& result) {
  return !result.error && !result.moved && result.addresses_left_out == 0 &&
         result.id.attempt == 1 && is_plain_time(result.id.slot) && is_plain_time(result.started);
}

std::optional<Duration> optional_duration(const PlainPass& pass, PlainPass::Has bit,
                                          uint32_t value) {
  return (pass.has & bit) != 0 ? std::optional(Duration(value)) : std::nullopt;
}

std::optional<SocketAddress> remote_of(const PlainPass& pass) {
  if (pass.remote == RemoteKind::none) {
    return std::nullopt;
  }
  SocketAddress address;
  address.ip.family = pass.remote == RemoteKind::v4 ? Family::v4 : Family::v6;
  address.ip.bytes = pass.ip;
  address.port = pass.port;
  return address;
}

// False for bytes of an address that a shorter one, or none, leaves unused.
bool is_remote_clean(const PlainPass& pass) {
  const auto is_zero = [](uint8_t byte) { return byte == 0; };
  switch (pass.remote) {
    case RemoteKind::none:
      return pass.port == 0 && std::ranges::all_of(pass.ip, is_zero);
    case RemoteKind::v4:
      return std::all_of(pass.ip.begin() + kV4Bytes, pass.ip.end(), is_zero);
    case RemoteKind::v6:
      return true;
  }
  return false;
}

}  // namespace

bool is_well_formed(const PlainPass& pass) {
  const auto is_absent_or_had = [&pass](PlainPass::Has bit, uint32_t value) {
    return value == 0 || (pass.has & bit) != 0;
  };
  return pass.monitor.value > 0 && is_plain_time(pass.slot) && pass.has <= kAllHas &&
         pass.flags <= kAllFlags && pass.form <= PassForm::answered && is_remote_clean(pass) &&
         is_absent_or_had(PlainPass::has_dns, pass.dns) &&
         is_absent_or_had(PlainPass::has_connect, pass.connect) &&
         is_absent_or_had(PlainPass::has_tls, pass.tls) &&
         is_absent_or_had(PlainPass::has_data, pass.data) &&
         is_absent_or_had(PlainPass::has_rtt, pass.kernel_rtt);
}

std::optional<PlainPass> plain_pass_of(const Attempt& attempt) {
  if (attempt.evaluation.verdict != Verdict::passed || attempt.evaluation.error) {
    return std::nullopt;
  }
  const std::string& reason = attempt.evaluation.reason;
  const PassForm form = form_of_pass(reason, attempt.result.response_time);
  const bool says_it = form != PassForm::other || reason.empty();
  return says_it ? plain_pass_of(attempt.result, form) : std::nullopt;
}

std::optional<PlainPass> plain_pass_of(const ProbeResult& result, PassForm form) {
  if (!is_plain(result)) {
    return std::nullopt;
  }
  PlainPass pass{.slot = result.id.slot,
                 .monitor = result.id.monitor,
                 .clock_epoch = result.id.clock_epoch,
                 .location = result.id.location,
                 .form = form};
  Filler fill(pass);
  fill.duration(pass.response, result.response_time);
  fill.optional(pass.dns, PlainPass::has_dns, result.phases.dns);
  fill.optional(pass.connect, PlainPass::has_connect, result.phases.connect);
  fill.optional(pass.tls, PlainPass::has_tls, result.phases.tls);
  fill.optional(pass.data, PlainPass::has_data, result.phases.data);
  fill.optional(pass.kernel_rtt, PlainPass::has_rtt, result.kernel_rtt);
  fill.duration(pass.delay, result.scheduling_delay);
  if (!fill.fits()) {
    return std::nullopt;
  }
  fill.duration(pass.drift, result.started - result.id.slot - result.scheduling_delay);
  fill.number(pass.syn_retransmits, result.syn_retransmits);
  fill.duration(pass.loop_lag, result.loop_lag);
  fill.number(pass.bytes_sent, result.bytes_sent);
  fill.number(pass.bytes_received, result.bytes_received);
  fill.flag(PlainPass::dns_cached, result.dns_cached);
  fill.flag(PlainPass::stale_dns, result.stale_dns);
  fill.flag(PlainPass::received_truncated, result.received_truncated);
  fill.flag(PlainPass::peer_closed, result.peer_closed);
  fill.flag(PlainPass::reset_after_verdict, result.reset_after_verdict);
  fill.remote(result.remote);
  return fill.fits() && pass.monitor.value > 0 ? std::optional(pass) : std::nullopt;
}

ResultId id_of(const PlainPass& pass) {
  return {.monitor = pass.monitor,
          .location = pass.location,
          .clock_epoch = pass.clock_epoch,
          .slot = pass.slot,
          .attempt = 1};
}

Phases phases_of(const PlainPass& pass) {
  return {.dns = optional_duration(pass, PlainPass::has_dns, pass.dns),
          .connect = optional_duration(pass, PlainPass::has_connect, pass.connect),
          .tls = optional_duration(pass, PlainPass::has_tls, pass.tls),
          .data = optional_duration(pass, PlainPass::has_data, pass.data)};
}

Attempt attempt_of(const PlainPass& pass) {
  Attempt attempt;
  ProbeResult& result = attempt.result;
  result.id = id_of(pass);
  result.response_time = Duration(pass.response);
  result.phases = phases_of(pass);
  result.kernel_rtt = optional_duration(pass, PlainPass::has_rtt, pass.kernel_rtt);
  result.scheduling_delay = Duration(pass.delay);
  result.started = pass.slot + result.scheduling_delay + Duration(pass.drift);
  result.syn_retransmits = pass.syn_retransmits;
  result.loop_lag = Duration(pass.loop_lag);
  result.bytes_sent = pass.bytes_sent;
  result.bytes_received = pass.bytes_received;
  result.dns_cached = (pass.flags & PlainPass::dns_cached) != 0;
  result.stale_dns = (pass.flags & PlainPass::stale_dns) != 0;
  result.received_truncated = (pass.flags & PlainPass::received_truncated) != 0;
  result.peer_closed = (pass.flags & PlainPass::peer_closed) != 0;
  result.reset_after_verdict = (pass.flags & PlainPass::reset_after_verdict) != 0;
  result.remote = remote_of(pass);
  attempt.evaluation.verdict = Verdict::passed;
  attempt.evaluation.reason = pass_sentence(pass.form, result.response_time);
  return attempt;
}

}  // namespace tocsin
