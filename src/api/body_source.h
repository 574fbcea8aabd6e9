// BodySource: a body that is made while it is sent: live events, exports too long to hold. The
// session asks for the next piece when the last one has left, so a slow client slows the source and
// holds one piece of memory, no more. (The other design, a source that pushes into a buffer of the
// session, needs a rule for a full buffer, a lock and a second limit.)
//
// Everything happens on the API's thread. A source whose data comes from elsewhere says `wait`, and
// calls its wake when there is more. Its end of life is that of its answer: the client has it all,
// went away, was too slow, or the server stops.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/limits.h"
#include "base/time.h"

namespace tocsin {

// What one piece should hold at most; larger ones are only slower to send.
inline constexpr size_t kBodyPieceBytes = 64_KiB;

struct BodyPiece {
  enum class Then : uint8_t {
    more,    // ask again when these bytes have left; there are some
    wait,    // the same, and without bytes: at the next wake, or at ask_at
    end,     // these were the last
    broken,  // no good end: the connection is cut, so that nobody takes a part for the whole
  };
  std::string bytes;
  Then then = Then::wait;
  SteadyTime ask_at = kNever;
};

class BodySource {
 public:
  virtual ~BodySource() = default;
  // Once, before the first next(). `wake` may be called at any time on the API's thread, also from
  // inside next(), also after the end; it returns at once.
  virtual void on_begin(std::function<void()> wake) = 0;
  virtual BodyPiece next(SteadyTime now) = 0;
};

}  // namespace tocsin
