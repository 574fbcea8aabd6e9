#include "cli/roff.h"

#include <fmt/format.h>

#include <algorithm>

namespace tocsin::cli {

std::string roff_text(std::string_view text) {
  std::string out;
  bool at_line_start = true;
  for (const char c : text) {
    if (at_line_start && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";  // a minus that can be copied, not a hyphen
        break;
      case '\'':
        out += "\\(aq";  // else a typographic quote, which no shell takes
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      default:
        out += c;
    }
    at_line_start = c == '\n';
  }
  return out;
}

std::string roff_bold(std::string_view text) { return "\\fB" + roff_text(text) + "\\fR"; }

std::string roff_block(std::string_view lines) {
  const std::string text = roff_text(lines);
  return fmt::format(".PP\n.RS 4\n.nf\n{}{}.fi\n.RE\n", text, text.ends_with('\n') ? "" : "\n");
}

std::string roff_title(std::string_view page, int section, std::string_view version) {
  std::string name(page);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return fmt::format(".TH {} {} \"\" \"tocsin {}\" \"Tocsin\"\n", roff_text(name), section,
                     version);
}

}  // namespace tocsin::cli
