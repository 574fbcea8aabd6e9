// Mailbox: the way from any thread into the one loop that owns all engine state. Values go in as
// closures; the loop runs them.
#pragma once

#include <functional>

namespace tocsin {

class Mailbox {
 public:
  virtual ~Mailbox() = default;
  // Thread-safe; runs `work` on the loop soon, in order of posting. After the loop has ended the
  // work is dropped.
  virtual void post(std::function<void()> work) = 0;
};

}  // namespace tocsin
