#include "model/verdict.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kVerdicts = {
    NamedValue{Verdict::passed, "passed"}, NamedValue{Verdict::degraded, "degraded"},
    NamedValue{Verdict::failed, "failed"}, NamedValue{Verdict::unknown, "unknown"}};

}  // namespace

std::string_view verdict_name(Verdict verdict) { return name_in(kVerdicts, verdict); }
std::optional<Verdict> verdict_from_name(std::string_view name) {
  return value_in(kVerdicts, name);
}

}  // namespace tocsin
