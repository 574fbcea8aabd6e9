#include "api/readiness.h"

namespace tocsin {

Readiness readiness(const EngineHealth& health) {
  Readiness out{.is_ready = !health.store.is_volatile, .verbose = "[+]engine ok\n"};
  if (health.store.is_volatile) {
    out.verbose += "[-]store failed: it cannot be written, nothing is kept until it can\n";
  } else if (health.store.reserve_used) {
    out.verbose += "[+]store ok, but the disk is nearly full and results are dropped\n";
  } else {
    out.verbose += "[+]store ok\n";
  }
  out.verbose += health.config_error.empty()
                     ? "[+]config ok\n"
                     : "[+]config ok, but the last reload was refused; see the log\n";
  out.verbose += out.is_ready ? "readyz check passed\n" : "readyz check failed\n";
  return out;
}

}  // namespace tocsin
