#include "api/monitor_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tocsin {
namespace {

struct Collection {
  Asker asker;
  MonitorFilter filter;  // `limit`: how many are still wanted
  std::vector<MonitorView> rows;
  std::function<void(MonitorRows)> done;
};

MonitorRows piece_of(Engine& engine, MonitorFilter filter) {
  filter.limit = std::min(filter.limit, kLoopRowsPerRequest);
  const bool is_known =
      filter.after.value == 0 || engine.monitor(fmt::to_string(filter.after.value));
  return is_known ? MonitorRows(engine.monitors(filter)) : std::nullopt;
}

void collect(ApiContext& api, const std::shared_ptr<Collection>& collection) {
  ask_engine(
      api, collection->asker,
      [filter = collection->filter](Engine& engine) { return piece_of(engine, filter); },
      [&api, collection](MonitorRows& piece) {
        if (!piece) {
          collection->done(std::nullopt);
          return;
        }
        const bool was_last = piece->size() < kLoopRowsPerRequest;
        collection->filter.limit -= piece->size();
        std::ranges::move(*piece, std::back_inserter(collection->rows));
        if (was_last || collection->filter.limit == 0) {
          collection->done(std::move(collection->rows));
          return;
        }
        collection->filter.after = collection->rows.back().uid;
        collect(api, collection);
      });
}

}  // namespace

void collect_monitors(ApiContext& api, const Asker& asker, MonitorFilter filter,
                      std::function<void(MonitorRows)> done) {
  collect(api,
          std::make_shared<Collection>(Collection{asker, std::move(filter), {}, std::move(done)}));
}

}  // namespace tocsin
