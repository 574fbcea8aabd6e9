// The small judgements on words that several readers share: identifiers, and what was probably
// meant.
#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "config/reader.h"

namespace tocsin {
namespace {

constexpr size_t kListedMax = 20;  // words in one hint

}  // namespace

bool is_identifier_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-/#.").find(c) != std::string_view::npos;
}

bool is_within(const Field& field, int64_t value) {
  return (field.min == 0 && field.max == 0) || (value >= field.min && value <= field.max);
}

std::string shown_text(std::string_view text) { return "\"" + escape_for_display(text, 80) + "\""; }

bool has_reference(const YamlNode& node) { return node.text.find("${") != std::string::npos; }

std::optional<std::string> wrong_identifier(std::string_view id) {
  if (id.empty()) {
    return "an id must not be empty";
  }
  if (id.size() > kMonitorIdBytesMax) {
    return fmt::format("an id has at most {} bytes, this one has {}", kMonitorIdBytesMax,
                       id.size());
  }
  if (id == "." || id == "..") {
    return fmt::format("the id \"{}\" would mean a folder in an address; choose another", id);
  }
  if (!std::ranges::all_of(id, is_identifier_byte)) {
    return fmt::format("the id \"{}\" may have letters, digits and _ - / # . only",
                       escape_for_display(id, 80));
  }
  return std::nullopt;
}

std::string nearest_hint(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  if (!best.empty()) {
    return fmt::format("did you mean \"{}\"?", best);
  }
  if (known.empty() || known.size() > kListedMax) {
    return "";
  }
  return fmt::format("known: {}", fmt::join(known, ", "));
}

}  // namespace tocsin
