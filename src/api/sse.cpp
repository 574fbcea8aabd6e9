#include "api/sse.h"

namespace tocsin {

std::string sse_event(std::string_view name, std::string_view id, std::string_view data) {
  std::string text("event: ");
  text.append(name).append("\n");
  if (!id.empty()) {
    text.append("id: ").append(id).append("\n");
  }
  while (true) {
    const size_t end = data.find_first_of("\r\n");
    text.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) {
      break;
    }
    data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  return text.append("\n");
}

std::string sse_point(std::string_view id) { return std::string("id: ").append(id).append("\n\n"); }

}  // namespace tocsin
