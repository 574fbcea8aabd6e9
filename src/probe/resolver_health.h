// ResolverHealth: is it the name or the resolver that fails? One rule (product.md, "One attempt"
// point 1): a resolver that gave no useful answer at all in the last 10 s is down, its canary name
// included. What counts as an answer depends on whose resolver it is:
//
//   the location's  an address, "no such name" or "no address". SERVFAIL or REFUSED to everything
//                   is the trouble of this location (a forwarder that lost its upstream, a list of
//                   clients on which we are not any more), and no name's
//   a monitor's     any word of its own: it was named to hear what that one says, and need not know
//                   the canary, as one that serves its own zones and refuses the rest does not
//
// One question asks for more: an answer since it was put, or a resolver that lost its upstream or
// died a moment ago would accuse every name. Where the location's resolver says SERVFAIL or REFUSED
// the answer must be to another name.
//
// "No such name" and "no address" ask for still more where a canary is set, a name that always
// exists: it must have been found since the question was put. A resolver that denies the canary too
// (it lost its zone, it stands behind a login page) denies everything, and that is no name's fault.
// While the canary is denied a denial is no sign of life. Pure; cares_resolver_judge.cpp asks the
// canary.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "probe/dns_cache.h"

namespace tocsin {

inline constexpr Duration kResolverSilence = 10s;  // no useful answer for so long: down
inline constexpr Duration kCanaryWait = 2s;      // a living resolver answers the canary within this
inline constexpr Duration kCanaryUnneeded = 3s;  // an answer this young says as much as the canary
inline constexpr Duration kCanaryPause = 1s;     // between two askings of the canary

class ResolverHealth {
 public:
  explicit ResolverHealth(bool is_monitors) : is_monitors_(is_monitors) {}

  [[nodiscard]] bool is_life(const DnsReply& reply) const {
    const bool is_believed = reply.is_useful() && !(reply.is_denial() && canary_denied_);
    return is_believed || (is_monitors_ && reply.heard);
  }
  void on_answer(std::string_view name, SteadyTime now) {
    if (name != last_name_) {
      answer_of_another_ = last_answer_;
      last_name_ = name;
    }
    last_answer_ = now;
    canary_asked_.reset();
    known_down_ = false;
  }
  // The canary's query ended without a useful answer.
  void on_canary_failed() { canary_failed_ = true; }
  void on_canary_found(SteadyTime now) {
    canary_found_ = now;
    canary_denied_.reset();
  }
  void on_canary_denied(SteadyTime now) {
    canary_denied_ = now;
    canary_failed_ = true;
  }
  void on_canary_asked(SteadyTime now) {
    canary_asked_ = now;
    canary_failed_ = false;
  }

  [[nodiscard]] bool answered_lately(SteadyTime now) const {
    return last_answer_ && now - *last_answer_ <= kResolverSilence;
  }
  [[nodiscard]] bool answered_since(SteadyTime then) const {
    return last_answer_ && *last_answer_ >= then;
  }
  // The resolver has said since `asked` that it cannot say `name`: is that about the name?
  [[nodiscard]] bool proves_failure(std::string_view name, SteadyTime asked) const {
    const std::optional<SteadyTime>& answer = is_monitors_ ? last_answer_ : answer_beside(name);
    return answer && *answer >= asked;
  }
  // Of a denial of a name that was asked for at `asked`: whether the canary was found since, or was
  // denied a moment before or since. Neither: it must be asked.
  [[nodiscard]] bool is_canary_found(SteadyTime asked) const {
    return canary_found_ && *canary_found_ >= asked;
  }
  [[nodiscard]] bool is_canary_denied(SteadyTime asked) const {
    return canary_denied_ && *canary_denied_ + kCanaryPause > asked;
  }
  // The canary should be asked now: somebody who asked for `name` at `asked` doubts, and nothing
  // else proves life.
  [[nodiscard]] bool wants_canary(SteadyTime now, std::string_view name, SteadyTime asked) const {
    const std::optional<SteadyTime>& answer = answer_beside(name);
    const bool is_quiet = !answer || *answer < asked || now - *answer >= kCanaryUnneeded;
    const Duration pause = canary_failed_ ? kCanaryPause : kCanaryWait;
    return is_quiet && (!canary_asked_ || now - *canary_asked_ >= pause);
  }
  // While the canary's answer may still come a failure is not judged.
  [[nodiscard]] bool is_canary_awaited(SteadyTime now) const {
    return canary_asked_ && !canary_failed_ && now - *canary_asked_ < kCanaryWait;
  }

  // The last failure was judged to be the resolver's, and nothing has come since.
  [[nodiscard]] bool is_known_down() const { return known_down_; }
  void judge_down() { known_down_ = true; }

 private:
  // The newest to any name but this one.
  [[nodiscard]] const std::optional<SteadyTime>& answer_beside(std::string_view name) const {
    return name == last_name_ ? answer_of_another_ : last_answer_;
  }

  bool is_monitors_;
  std::optional<SteadyTime> last_answer_;
  std::string last_name_;                        // whose answer that was
  std::optional<SteadyTime> answer_of_another_;  // the newest before, of any other name
  std::optional<SteadyTime> canary_asked_, canary_found_, canary_denied_;
  bool canary_failed_ = false;
  bool known_down_ = false;
};

}  // namespace tocsin
