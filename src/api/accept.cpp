#include "api/accept.h"

#include <algorithm>
#include <array>

#include "api/header_list.h"
#include "base/letter_case.h"

namespace tocsin {
namespace {

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
  for (const auto& [type, quality] : preferences(accept)) {
    const auto* const named = std::ranges::find_if(kForms, [wanted = type](const Named& form) {
      return same_ignoring_ascii_case(form.type, wanted);
    });
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
