// Is the server fit to be used? Pure: from the engine's health to the text of /readyz. Open to all,
// so no message of a file or disk is in it.
#pragma once

#include <string>

#include "engine/views.h"

namespace tocsin {

struct Readiness {
  bool is_ready = false;
  std::string verbose;  // "[+]engine ok\n...", as Kubernetes writes it
};
Readiness readiness(const EngineHealth& health);

}  // namespace tocsin
