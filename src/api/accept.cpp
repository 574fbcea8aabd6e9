#include "api/accept.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace tocsin {
namespace {

constexpr int kFullQuality = 1000;

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Cuts the part before `mark` off the front.
std::string_view take_part(std::string_view& rest, char mark) {
  const std::string_view part = rest.substr(0, rest.find(mark));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return trimmed(part);
}

bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char left, unsigned char right) {
    return std::tolower(left) == std::tolower(right);
  });
}

// "0.25" as thousandths; what cannot be read counts as not wanted.
int quality_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_sane =
      error == std::errc() && end == text.data() + text.size() && value >= 0 && value <= 1;
  return is_sane ? static_cast<int>(value * kFullQuality) : 0;
}

struct Named {
  std::string_view type;
  ListForm form;
};
constexpr std::array kForms = {
    Named{.type = "application/json", .form = ListForm::json},
    Named{.type = "text/csv", .form = ListForm::csv},
    Named{.type = "application/x-ndjson", .form = ListForm::ndjson},
    Named{.type = "application/ndjson", .form = ListForm::ndjson},
};

}  // namespace

ListForm list_form(std::string_view accept) {
  ListForm best = ListForm::json;
  int best_quality = 0;
  while (!accept.empty()) {
    std::string_view range = take_part(accept, ',');
    const std::string_view type = take_part(range, ';');
    int quality = kFullQuality;
    while (!range.empty()) {
      const std::string_view parameter = take_part(range, ';');
      if (parameter.starts_with("q=") || parameter.starts_with("Q=")) {
        quality = quality_of(parameter.substr(2));
      }
    }
    const auto* const named = std::ranges::find_if(
        kForms, [&](const Named& form) { return is_same_word(form.type, type); });
    if (named == kForms.end()) {
      continue;
    }
    const bool is_tie = quality == best_quality && quality > 0 && named->form == ListForm::json;
    if (quality > best_quality || is_tie) {
      best = named->form;
      best_quality = quality;
    }
  }
  return best;
}

std::string_view list_content_type(ListForm form) {
  switch (form) {
    case ListForm::csv:
      return "text/csv; charset=utf-8; header=present";
    case ListForm::ndjson:
      return "application/x-ndjson";
    case ListForm::json:
      break;
  }
  return "application/json";
}

}  // namespace tocsin
