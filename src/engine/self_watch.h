// SelfWatch: are we ourselves able to tell whether somebody answers? Two canaries in this process,
// probed with the ordinary machinery:
//
//   listener    a port of our own that always answers. Nobody is accused of silence or of a refusal
//               before a connection to it, begun after the failure, has succeeded: else it is our
//               own network (a device that is down, a full table of connections, a rule) that
//               failed, and the verdict is unknown (`self_offline`)
//   black hole  a port of our own that never answers. An attempt must end by its timeout, and on
//               time; another end, or a late one, is told in the self status
//
// Worked example: the loopback device goes down at 12:00:00.000, and a check of 127.0.0.1:80 fails
// at 12:00:00.200 with "no route". The canary is asked at once and fails too: unknown, and so is
// every failure until it answers again. Had it answered, the check had failed 0.2 ms later.
//
// An attempt that was under way while we were deaf proves nothing either, though it ended later.
// So the listener is also asked twice a second; who was deaf for less, and with a timeout below the
// second after which the kernel asks again, is not found out.
//
// The listener says nothing about the network beyond this machine. On the loop only; the simulator
// gives addresses of its own, or none: then nothing is asked and all is believed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "model/monitor.h"
#include "model/verdict.h"
#include "ports/clock.h"
#include "ports/journal.h"

namespace tocsin {

struct CanaryAddresses {
  std::optional<SocketAddress> listener, black_hole;
  // Takes out of the listener's queue what others have put there: who is full is silent.
  std::function<void()> empty_queue = {};
};

struct CanaryView {
  bool is_watching = false;
  bool answers = true;   // the listener did when it was last asked
  std::string why;       // it did not
  bool is_black = true;  // the black hole ended by its timeout when last asked
  Duration late{};       // after its time; the newest
};

class SelfWatch {
 public:
  // Starts one attempt that nobody stores; `done` comes on the loop, never from inside.
  using Probe =
      std::function<void(std::shared_ptr<const Monitor>, std::function<void(const Attempt&)> done)>;
  // `doubt`: why a failure is not to be believed; nothing: it is.
  using Vouched = std::function<void(const std::optional<ProbeError>& doubt)>;

  SelfWatch(const Clock& clock, const Journal& journal, const CanaryAddresses& addresses);
  void set_probe(Probe probe) { probe_ = std::move(probe); }

  // True when what is said of `monitor` could be of our own side, so that it is to be vouched for.
  [[nodiscard]] bool doubts(const Monitor& monitor, const Attempt& attempt) const;
  // For a failure of an attempt under way since `since`. Asks the listener, beginning now; `done`
  // comes later, once.
  void vouch(SteadyTime since, Vouched done);

  // Starts what is due.
  void advance(SteadyTime now);
  [[nodiscard]] SteadyTime next_deadline() const;

  [[nodiscard]] const CanaryView& view() const { return view_; }
  [[nodiscard]] uint64_t withheld() const { return withheld_; }

 private:
  void ask();
  void on_listener(const Attempt& attempt);
  void on_black_hole(const Attempt& attempt);
  struct Asker {
    SteadyTime since;
    Vouched done;
  };
  void settle(const std::optional<ProbeError>& doubt);

  const Clock& clock_;
  const Journal& journal_;
  Probe probe_;
  std::shared_ptr<const Monitor> listener_, black_hole_;
  std::function<void()> empty_queue_;
  CanaryView view_;
  std::vector<Asker> asked_;    // of the attempt under way
  std::vector<Asker> waiting_;  // for the next one, as it began before them
  bool is_asking_ = false, is_black_hole_asked_ = false;
  uint32_t in_vain_ = 0;  // attempts in a row that could not be made
  SteadyTime next_ask_{}, next_black_hole_{}, black_hole_since_{};
  SteadyTime asked_at_{};                      // the attempt under way began
  SteadyTime deaf_until_ = SteadyTime::min();  // until then we were, when it was last found out
  uint64_t withheld_ = 0;
};

}  // namespace tocsin
