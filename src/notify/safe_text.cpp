#include "notify/safe_text.h"

#include "base/bytes.h"

namespace tocsin {

std::string cut_text(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) {
    return std::string(text);
  }
  constexpr std::string_view kMark = "…";
  if (bytes_max < kMark.size()) {
    return {};
  }
  size_t end = bytes_max - kMark.size();
  const auto continues = [&](size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues(end)) {
    --end;
  }
  return std::string(text.substr(0, end)).append(kMark);
}

std::string shown_line(std::string_view text, size_t bytes_max) {
  // An escape makes at most four bytes of one, so more input than this could never be shown.
  std::string_view rest = text.substr(0, bytes_max + 4);
  std::string line;
  while (true) {
    const size_t backslash = rest.find('\\');
    line += escape_for_display(rest.substr(0, backslash));
    if (backslash == std::string_view::npos) {
      break;
    }
    line += '\\';
    rest.remove_prefix(backslash + 1);
  }
  return cut_text(line, bytes_max);
}

std::string utc_text(SystemTime at) {
  std::string text = rfc3339(at);
  const size_t fraction = text.rfind('.');
  text.replace(fraction, std::string::npos, " UTC");
  text[text.find('T')] = ' ';
  return text;
}

}  // namespace tocsin
