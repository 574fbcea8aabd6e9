// One demonstration service: what it does on its loopback port. A service is a few plain answers,
// so its whole state is one byte count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tocsin::demo {

enum class Behaviour : uint8_t {
  answering,  // speaks like Redis: PING -> +PONG
  slow,       // the same after kSlowAnswer
  refusing,   // never listens
  flapping,   // listens for kFlapUp, then not for kFlapDown
  smtp,       // greeting 220, QUIT
  tls,        // a certificate of our own, then as `answering`
};

inline constexpr Duration kSlowAnswer = 300ms;
inline constexpr Duration kFlapUp = 40s;
inline constexpr Duration kFlapDown = 20s;

struct Service {
  Behaviour behaviour = Behaviour::answering;
  std::string_view id;    // of its monitor
  std::string_view name;  // what people read
  uint16_t port = 0;
};

// The six services in the order of their ports; ports not yet known.
std::vector<Service> demo_services();

// Whether a flapping service listens so long after the start.
bool listens_at(Behaviour behaviour, Duration since_start);

// What a service says first, and to one line that it got (without its line end). `close` ends the
// connection after the answer.
struct Answer {
  std::string text;
  bool close = false;
};
std::string greeting_of(Behaviour behaviour);
Answer answer_to(Behaviour behaviour, std::string_view line);

}  // namespace tocsin::demo
