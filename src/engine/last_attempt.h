// LastAttempt: the newest attempt of a monitor as views show it, in few bytes as long as it is a
// pass of which nothing but a few numbers is to be known, which nearly all are.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "model/plain_pass.h"
#include "model/verdict.h"

namespace tocsin {

class LastAttempt {
 public:
  void set(const PlainPass& pass) {
    if (!fits(pass)) {
      set(attempt_of(pass));
      return;
    }
    short_ = {.slot = pass.slot,
              .clock_epoch = pass.clock_epoch,
              .response = pass.response,
              .dns = pass.dns,
              .connect = pass.connect,
              .data = pass.data,
              .kernel_rtt = pass.kernel_rtt,
              .delay = pass.delay,
              .loop_lag = pass.loop_lag,
              .ip = pass.ip,
              .port = pass.port,
              .remote = pass.remote,
              .has = pass.has,
              .flags = pass.flags,
              .form = pass.form,
              .is_there = true};
    whole_.reset();
  }
  void set(Attempt attempt) { whole_ = std::make_unique<Attempt>(std::move(attempt)); }

  [[nodiscard]] bool is_good() const {
    return whole_ ? whole_->evaluation.verdict == Verdict::passed : short_.is_there;
  }
  // Of `monitor`. Nothing: there was none yet.
  [[nodiscard]] std::optional<Attempt> get(MonitorUid monitor) const {
    if (whole_) {
      return *whole_;
    }
    return short_.is_there ? std::optional(attempt_of(as_pass(monitor))) : std::nullopt;
  }

 private:
  // A PlainPass without what is the same for nearly all.
  struct Short {
    SystemTime slot{};
    uint32_t clock_epoch = 0;
    uint32_t response = 0, dns = 0, connect = 0, data = 0, kernel_rtt = 0, delay = 0, loop_lag = 0;
    std::array<uint8_t, 16> ip{};
    uint16_t port = 0;
    RemoteKind remote = RemoteKind::none;
    uint8_t has = 0;
    uint8_t flags = 0;
    PassForm form = PassForm::other;
    bool is_there = false;
  };

  static bool fits(const PlainPass& pass) {
    return pass.tls == 0 && pass.drift == 0 && pass.syn_retransmits == 0 && pass.bytes_sent == 0 &&
           pass.bytes_received == 0 && pass.location == 0;
  }
  [[nodiscard]] PlainPass as_pass(MonitorUid monitor) const {
    return {.slot = short_.slot,
            .monitor = monitor,
            .clock_epoch = short_.clock_epoch,
            .response = short_.response,
            .dns = short_.dns,
            .connect = short_.connect,
            .data = short_.data,
            .kernel_rtt = short_.kernel_rtt,
            .delay = short_.delay,
            .loop_lag = short_.loop_lag,
            .port = short_.port,
            .ip = short_.ip,
            .remote = short_.remote,
            .has = short_.has,
            .flags = short_.flags,
            .form = short_.form};
  }

  Short short_;
  std::unique_ptr<const Attempt> whole_;
};

}  // namespace tocsin
