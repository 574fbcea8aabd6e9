#include "api/services.h"

#include <utility>

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

bool wish_of_engine(ApiContext& api, const Asker& asker, std::function<bool(Engine&)> work) {
  Engine& engine = api.services.engine;
  const bool is_taken =
      engine.mailbox().offer([&engine, work = std::move(work)] { return work(engine); });
  if (!is_taken) {
    asker.respond(problem_response(too_busy("Too many requests are waiting for an answer."),
                                   asker.request_id));
  }
  return is_taken;
}

bool tell_engine(ApiContext& api, const Asker& asker, std::function<void(Engine&)> work) {
  return wish_of_engine(api, asker, [work = std::move(work)](Engine& engine) {
    work(engine);
    return false;
  });
}

}  // namespace tocsin
