// Many monitors from the engine, a piece at a time: between two pieces the loop has its other work,
// so that nobody who reads a long list makes a probe late.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "api/services.h"

namespace tocsin {

// Monitors that one request to the loop copies; a longer list takes several.
inline constexpr size_t kLoopRowsPerRequest = 200;

// The first `filter.limit` monitors that match, as views of the moments their pieces were read in.
// Nothing when the monitor to continue behind is not known: behind it would be the first page
// again, and so without end. `done` runs on the API's thread; when the engine takes no request any
// more the asker is answered 503 and `done` does not run.
using MonitorRows = std::optional<std::vector<MonitorView>>;
void collect_monitors(ApiContext& api, const Asker& asker, MonitorFilter filter,
                      std::function<void(MonitorRows rows)> done);

}  // namespace tocsin
