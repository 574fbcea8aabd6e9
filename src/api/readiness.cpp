#include "api/readiness.h"

namespace tocsin {

Readiness readiness(const EngineHealth& health) {
  const bool keeps = health.store.writable && !health.store.is_volatile;
  Readiness out{.is_ready = keeps, .verbose = "[+]engine ok\n"};
  if (health.store.is_volatile) {
    out.verbose += "[-]store failed: nothing is kept, the disk is full\n";
  } else if (!health.store.writable) {
    out.verbose += "[-]store failed: it cannot be written; see the log\n";
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
