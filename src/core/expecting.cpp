#include "core/expecting.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/bytes.h"
#include "core/assert.h"
#include "core/pattern_text.h"

namespace tocsin {
namespace {

constexpr size_t kShownBytesMax = 60;  // of a path and of a value

// Empty: what the step wants is in the document.
std::string json_fault(const ExpectJsonStep& step, std::string_view document) {
  if (step.is) {
    ProbeResult answer;
    answer.received = document;
    const std::array wanted = {
        Assertion{AssertionSource::response_data, step.path, Comparison::equals, *step.is}};
    return evaluate_assertions(wanted, answer, SystemTime{}).front().reason;
  }
  const Result<std::vector<std::string>> found = json_path_values(step.path, document);
  if (!found) {
    return fmt::format("The answer cannot be read as JSON: {}.", found.error().message);
  }
  return found->empty() ? fmt::format("The JSON path \"{}\" finds nothing in the answer.",
                                      pattern_text(step.path, kShownBytesMax))
                        : "";
}

// Whole or broken, it ends the step.
std::optional<Hit> json_hit(Expecting& step, std::string_view bytes) {
  const JsonExtent::State state = step.extent.look_at(bytes);
  if (state != JsonExtent::State::whole && state != JsonExtent::State::broken) {
    return std::nullopt;
  }
  const size_t begin = step.extent.begin();
  const size_t end = step.extent.end();
  return Hit{.end = end, .fault = json_fault(*step.json, bytes.substr(begin, end - begin))};
}

// Where it is met for good, whatever its groups are.
std::optional<Hit> own_hit(Expecting& step, std::string_view bytes) {
  if (step.json != nullptr) {
    return json_hit(step, bytes);
  }
  const std::optional<size_t> end = step.pattern->met_for_good(bytes);
  return end ? std::optional(Hit{.end = *end}) : std::nullopt;
}

std::optional<Hit> first_hit(Expecting& step, std::string_view bytes) {
  std::optional<Hit> first;
  for (const StreamPattern& refused : step.refuse) {
    const std::optional<size_t> end = refused.met_for_good(bytes);
    if (end && (!first || *end < first->end)) {
      first = Hit{.end = *end, .refused = &refused};
    }
  }
  std::optional<Hit> own = own_hit(step, bytes);
  if (own && (!first || own->end < first->end)) {
    first = std::move(own);
  }
  return first;
}

std::optional<Hit> with_groups(Hit hit, std::optional<StreamGroups> groups) {
  if (!groups) {
    return std::nullopt;
  }
  hit.end = groups->end;
  hit.groups = std::move(groups);
  return hit;
}

}  // namespace

std::string Expecting::shown() const {
  if (json == nullptr) {
    return pattern->shown();
  }
  const std::string path = pattern_text(json->path, kShownBytesMax);
  return json->is ? fmt::format("{} is \"{}\"", path, escape_for_display(*json->is, kShownBytesMax))
                  : fmt::format("JSON with {}", path);
}

Expecting expecting(const Step& step, bool wants_groups) {
  Expecting made;
  made.json = std::get_if<ExpectJsonStep>(&step);
  const auto* const bytes = std::get_if<ExpectStep>(&step);
  if (bytes != nullptr) {
    made.pattern = bytes->is_regex ? StreamPattern::regex(bytes->pattern)
                                   : StreamPattern::literal(bytes->pattern);
    made.wants_groups = wants_groups && made.pattern->groups() > 0;
  }
  for (const std::string& refused : bytes != nullptr ? bytes->refuse : made.json->refuse) {
    made.refuse.push_back(StreamPattern::regex(refused));
  }
  return made;
}

std::optional<Hit> hit_for_good(Expecting& step, std::string_view bytes) {
  std::optional<Hit> hit = first_hit(step, bytes);
  if (!hit || hit->refused != nullptr || !step.wants_groups) {
    return hit;
  }
  const size_t met = hit->end;
  return with_groups(*std::move(hit), step.pattern->settled_groups(bytes, met, step.unsettled));
}

std::optional<Hit> hit_at_end(Expecting& step, std::string_view bytes) {
  if (const std::optional<Hit> hit = hit_for_good(step, bytes)) {
    return hit;
  }
  const std::optional<Hit> unsettled = first_hit(step, bytes);
  for (const StreamPattern& refused : step.refuse) {
    if (!unsettled && refused.met_at_end(bytes)) {
      return Hit{.end = bytes.size(), .refused = &refused};
    }
  }
  if (step.json != nullptr || !step.pattern->met_at_end(bytes)) {
    return std::nullopt;
  }
  const Hit whole{.end = bytes.size()};
  return step.wants_groups ? with_groups(whole, step.pattern->groups_at_end(bytes))
                           : std::optional(whole);
}

}  // namespace tocsin
