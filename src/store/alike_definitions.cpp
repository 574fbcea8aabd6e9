#include "store/alike_definitions.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "model/monitor.h"
#include "model/target.h"
#include "store/json.h"

namespace tocsin {
namespace {

constexpr size_t kTextMax = 64_KiB;  // less than the parser takes

// The beginning of a definition as the store writes it, and what is behind that.
struct Cut {
  std::string_view project, id, name, target;
  std::string_view rest;
};

// Takes `key` and a text without escapes, which is plain ASCII, from the front of `text`.
std::optional<std::string_view> take_text(std::string_view key, std::string_view& text) {
  if (!text.starts_with(key)) {
    return std::nullopt;
  }
  text.remove_prefix(key.size());
  const size_t end = text.find('"');
  const std::string_view value = text.substr(0, end);
  const bool is_plain =
      std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
  if (end == std::string_view::npos || !is_plain) {
    return std::nullopt;
  }
  text.remove_prefix(end);
  return value;
}

bool is_target(std::string_view text) {
  const auto target = Target::parse(text);
  return target && target->text() == text;
}

std::optional<Cut> cut(std::string_view text) {
  Cut parts;
  for (const auto& [key, part] : {std::pair(R"({"project":")", &parts.project),
                                  {R"(","id":")", &parts.id},
                                  {R"(","name":")", &parts.name},
                                  {R"(","target":")", &parts.target}}) {
    const std::optional<std::string_view> found = take_text(key, text);
    if (!found) {
      return std::nullopt;
    }
    *part = *found;
  }
  parts.rest = text;
  return parts;
}

}  // namespace

std::optional<MonitorBrief> AlikeDefinitions::brief(std::string_view text) {
  const std::optional<Cut> parts = text.size() <= kTextMax ? cut(text) : std::nullopt;
  const bool is_alike = parts && parts->rest == rest_ && parts->project == kUiProject;
  if (!is_alike || !is_target(parts->target)) {
    ++misses_;
    return std::nullopt;
  }
  misses_ = 0;
  MonitorBrief brief = brief_;
  brief.sought = sought_text(parts->id, parts->name, parts->target);
  return brief;
}

// One that is unlike its neighbours is not worth it.
void AlikeDefinitions::remember(std::string_view text, const Monitor& monitor,
                                const MonitorBrief& brief) {
  const std::optional<Cut> parts = misses_ > 1 ? cut(text) : std::nullopt;
  if (parts && parts->project == kUiProject && to_json(monitor) == text) {
    rest_ = parts->rest;
    brief_ = brief;
    brief_.sought.clear();
  }
}

}  // namespace tocsin
