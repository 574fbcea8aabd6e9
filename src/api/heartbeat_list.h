// The query of GET heartbeats, and its answer. Pure.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "api/problem.h"
#include "store/store.h"

namespace tocsin {

struct HeartbeatQuery {
  std::vector<std::string> ids;  // 1 - kBeatMonitorsMax, logical ids or uids
  size_t count = 30;             // 1 - kBeatsMax
};
std::expected<HeartbeatQuery, FieldProblem> read_heartbeat_query(const ApiRequest& request);

struct NamedUid {
  std::string id;
  MonitorUid uid;
};
// `beats` newest first, as the store gives them; shown oldest first, as they are drawn.
std::string heartbeats_body(std::span<const NamedUid> monitors,
                            std::span<const std::vector<Beat>> beats);

}  // namespace tocsin
