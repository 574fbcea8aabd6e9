// ProbeStream: POST probe as it happens: each phase as it ends, then the whole answer, as
// server-sent events. One thread, the API's.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/body_source.h"
#include "api/message.h"
#include "model/phase_end.h"

namespace tocsin {

class ProbeStream final : public BodySource {
 public:
  void on_begin(std::function<void()> wake) override { wake_ = std::move(wake); }
  BodyPiece next(SteadyTime now) override;

  void tell_phase(const PhaseEnd& end);
  // The last event; what comes after it is nothing.
  void tell_result(const std::string& answer);
  void tell_problem(const ApiResponse& problem);

 private:
  void tell(std::string_view event, bool is_last);

  std::function<void()> wake_;
  std::string waiting_;
  bool is_over_ = false;
  SteadyTime next_beat_ = kNever;
};

}  // namespace tocsin
