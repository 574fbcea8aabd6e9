#include "store/alike_definitions.h"

#include <algorithm>
#include <utility>

#include "model/monitor.h"
#include "model/target.h"

namespace tocsin {
namespace {

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

std::optional<MonitorBrief> AlikeDefinitions::brief(std::string_view text) const {
  const std::optional<Cut> parts = cut(text);
  if (!parts || parts->rest != rest_ || parts->project != kUiProject) {
    return std::nullopt;
  }
  if (!Target::parse(parts->target)) {
    return std::nullopt;
  }
  MonitorBrief brief = brief_;
  brief.sought = sought_text(parts->id, parts->name, parts->target);
  return brief;
}

void AlikeDefinitions::remember(std::string_view text, const MonitorBrief& brief) {
  const std::optional<Cut> parts = cut(text);
  if (parts && parts->project == kUiProject) {
    rest_ = parts->rest;
    brief_ = brief;
    brief_.sought.clear();
  }
}

}  // namespace tocsin
