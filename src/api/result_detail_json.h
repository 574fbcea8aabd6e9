// One result with all that is kept of it and what it means. Pure.
#pragma once

#include <string>

#include "config/monitor_writer.h"
#include "core/stats.h"
#include "model/monitor.h"
#include "store/store.h"

namespace tocsin {

struct ResultDetail {
  StoredResult stored;
  Neighbours around;
  Medians usual;  // of the last 24 h
};

// `monitor` as it is defined now: limits and advice are today's. `sent`: whether who asks sees
// what the monitor sends (api/monitor_answer.h), whoever defined it; what references stand for was
// masked before it was kept.
std::string result_detail_body(const ResultDetail& detail, const Monitor& monitor, SentBytes sent);

}  // namespace tocsin
