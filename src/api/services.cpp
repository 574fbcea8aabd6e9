#include "api/services.h"

namespace tocsin {

Result<StoreReader*> ApiContext::reader() {
  if (!opened_reader) {
    auto opened = services.store.reader();
    if (!opened) {
      return std::unexpected(opened.error());
    }
    opened_reader = std::move(*opened);
  }
  return opened_reader.get();
}

}  // namespace tocsin
