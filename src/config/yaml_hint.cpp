#include "config/yaml_hint.h"

#include <array>

#include "base/bytes.h"
#include "config/text_check.h"

namespace tocsin {
namespace {

struct Wording {
  std::string_view complaint;  // how the library's message begins
  std::string_view message, hint;
};

constexpr std::array kWordings = {
    Wording{"illegal map value", "a second \": \" in one value",
            "put quotes around a text that has \": \" in it"},
    Wording{"end of map not found", "this line does not belong to the map above it",
            "check the indentation, and the colon behind the key"},
    Wording{"end of sequence not found", "this line does not belong to the list above it",
            "check the indentation, and the \"- \" before each item"},
    Wording{"end of map flow not found", "the { above is not closed by a }",
            "check the commas, and put quotes around texts with special characters"},
    Wording{"end of sequence flow not found", "the [ above is not closed by a ]",
            "check the commas, and put quotes around texts with special characters"},
    Wording{"unknown escape character", "an escape that YAML does not know",
            "use single quotes, in which YAML leaves the backslash alone"},
    Wording{"illegal block entry", "a list item where none can be",
            "put the list below its key, one \"- \" on each line"},
    Wording{"the referenced anchor is not defined",
            "anchors (&name) and aliases (*name) are not read",
            "put quotes around a text that begins with *"},
};

const Wording* wording_of(std::string_view complaint) {
  for (const Wording& wording : kWordings) {
    if (complaint.starts_with(wording.complaint)) {
      return &wording;
    }
  }
  return nullptr;
}

// The library complains about a tab in the indentation in many words, or takes the line for the
// text above.
bool is_tab_indented(std::string_view text, int line) {
  const std::string_view row = line_of(text, line);
  return row.substr(0, row.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

}  // namespace

std::string yaml_message(std::string_view complaint, std::string_view text, TextMark at) {
  if (is_tab_indented(text, at.line)) {
    return "not valid YAML: a tab in the indentation";
  }
  const Wording* wording = wording_of(complaint);
  return "not valid YAML: " +
         (wording != nullptr ? std::string(wording->message) : escape_for_display(complaint, 200));
}

std::string yaml_hint(std::string_view complaint, std::string_view text, TextMark at) {
  if (is_tab_indented(text, at.line)) {
    return "indent with spaces";
  }
  if (complaint.find("flow") != std::string_view::npos &&
      line_of(text, at.line).find("${") != std::string_view::npos) {
    return "inside { } or [ ] a reference needs quotes: \"${env:NAME}\"";
  }
  const Wording* wording = wording_of(complaint);
  return wording != nullptr ? std::string(wording->hint) : "";
}

}  // namespace tocsin
