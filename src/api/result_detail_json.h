// One result with all that is kept of it and what it means. Pure.
#pragma once

#include <string>

#include "core/stats.h"
#include "model/monitor.h"
#include "store/store.h"

namespace tocsin {

struct ResultDetail {
  StoredResult stored;
  Neighbours around;
  Medians usual;  // of the last 24 h
};

// `monitor` as it is defined now: limits and advice are today's. What was sent is told in bytes
// alone when a file defines the monitor, because a secret may have come from there.
std::string result_detail_body(const ResultDetail& detail, const Monitor& monitor);

}  // namespace tocsin
