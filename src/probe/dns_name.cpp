#include "probe/dns_name.h"

#include "base/limits.h"

namespace tocsin {
namespace {

constexpr size_t kLabelBytesMax = 63;  // RFC 1035 2.3.4

// The letter in lower case, or 0 when it does not belong into a name.
char name_letter(char c) {
  if (c >= 'A' && c <= 'Z') {
    return static_cast<char>(c - 'A' + 'a');
  }
  const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  return allowed ? c : '\0';
}

}  // namespace

std::optional<std::string> dns_name(std::string_view written) {
  const size_t final_dot = written.ends_with('.') ? 1 : 0;
  if (written.size() == final_dot || written.size() - final_dot > kHostBytesMax) {
    return std::nullopt;
  }
  std::string name;
  name.reserve(written.size());
  size_t label = 0;
  for (const char c : written) {
    if (c == '.') {
      if (label == 0) {
        return std::nullopt;
      }
      label = 0;
      name += c;
      continue;
    }
    const char letter = name_letter(c);
    if (letter == '\0' || ++label > kLabelBytesMax) {
      return std::nullopt;
    }
    name += letter;
  }
  return name;
}

}  // namespace tocsin
