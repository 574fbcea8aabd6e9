// Dialogue: the reading rules of product.md "One attempt" 4 as a pure machine. The probe engine
// feeds it what happens on the connection and does what it says; it knows no socket and no clock,
// so its rules are table tests over byte timelines.
//
//   Dialogue d(monitor);
//   Action a = d.start(t0);            // after connect (and TLS)
//   loop: do a.send, wait for bytes / close / a.wake_at, call the matching function, until a.done
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error_code.h"
#include "base/time.h"
#include "model/monitor.h"
#include "model/result.h"

namespace tocsin {

class Dialogue {
 public:
  struct Action {
    std::string send;                 // bytes to send now; may be empty
    bool start_tls = false;           // the peer agreed: do the handshake, then call on_tls_done
    bool done = false;                // the verdict on data is known: close as the monitor says
    std::optional<ProbeError> error;  // with done: why it failed
    SteadyTime wake_at = kNever;      // call on_time then, unless something happens before
  };

  // The preset's goodbye is not part of the dialogue; the engine says it before a polite close.
  // `deadline` ends the whole attempt, which began `monitor.timeout` earlier. The monitor must
  // outlive the dialogue. TLS of mode `direct` and the protocol's own talk before STARTTLS are the
  // engine's; a `starttls` step says only when the handshake is due.
  Dialogue(const Monitor& monitor, SteadyTime deadline);

  // After `done` every call says the same again and changes nothing. One send is handed out at a
  // time, the next after on_sent.
  Action start(SteadyTime now);
  Action on_sent(SteadyTime now);  // everything handed out by `send` has left
  Action on_bytes(std::string_view bytes, SteadyTime now);  // what one read gave
  Action on_peer_closed(SteadyTime now);                    // end of stream
  Action on_reset(SteadyTime now);                          // ECONNRESET
  Action on_time(SteadyTime now);                           // wake_at or the deadline has come
  Action on_tls_done(SteadyTime now);

  [[nodiscard]] const std::string& received() const;  // at most kReceiveBytesMax
  std::string take_received();                        // when it is over
  [[nodiscard]] uint64_t bytes_received() const;
  [[nodiscard]] uint64_t bytes_sent() const;
  [[nodiscard]] bool truncated() const;
  [[nodiscard]] bool peer_closed() const;
  // Arrival of the last byte used, less our own waits for more that did not come (a capture that
  // only the end of the answer ends): the end of response_time and of phase data; nothing when no
  // byte was used.
  [[nodiscard]] std::optional<SteadyTime> last_used() const;
  [[nodiscard]] std::vector<TranscriptEntry> take_transcript();
  // It was ended from outside, by TLS or by its time: the step whose turn it was has failed.
  void cut(SteadyTime now);
  // Of the steps that were reached, in order.
  [[nodiscard]] std::vector<StepTime> take_steps();
  // False: nothing to send, expect or judge on data, or an open connection is already the answer
  // (`expect` closed, unreachable); the engine skips the data phase.
  static bool is_needed(const Monitor& monitor);

  ~Dialogue();
  Dialogue(Dialogue&&) noexcept;
  Dialogue& operator=(Dialogue&&) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin
