#include "core/expecting.h"

namespace tocsin {

Expecting expecting(const ExpectStep& step) {
  Expecting made{
      step.is_regex ? StreamPattern::regex(step.pattern) : StreamPattern::literal(step.pattern),
      {}};
  for (const std::string& refused : step.refuse) {
    made.refuse.push_back(StreamPattern::regex(refused));
  }
  return made;
}

std::optional<Hit> hit_for_good(const Expecting& step, std::string_view bytes) {
  std::optional<Hit> first;
  for (const StreamPattern& refused : step.refuse) {
    const std::optional<size_t> end = refused.met_for_good(bytes);
    if (end && (!first || *end < first->end)) {
      first = Hit{*end, &refused};
    }
  }
  const std::optional<size_t> end = step.pattern.met_for_good(bytes);
  if (end && (!first || *end < first->end)) {
    first = Hit{*end, nullptr};
  }
  return first;
}

std::optional<Hit> hit_at_end(const Expecting& step, std::string_view bytes) {
  if (const std::optional<Hit> hit = hit_for_good(step, bytes)) {
    return hit;
  }
  for (const StreamPattern& refused : step.refuse) {
    if (refused.met_at_end(bytes)) {
      return Hit{bytes.size(), &refused};
    }
  }
  if (step.pattern.met_at_end(bytes)) {
    return Hit{bytes.size(), nullptr};
  }
  return std::nullopt;
}

}  // namespace tocsin
