#include "config/supported.h"

#include <algorithm>
#include <array>

namespace tocsin {
namespace {

constexpr std::array<std::string_view, 2> kLaterSections = {"maintenance", "status_pages"};

}  // namespace

std::optional<Unsupported> unsupported(const Monitor& monitor) {
  if (monitor.tls.mode == TlsMode::starttls) {
    return Unsupported{"tls", "tls mode starttls is not available in this version"};
  }
  const auto is_starttls = [](const Step& step) {
    return std::holds_alternative<StarttlsStep>(step);
  };
  if (std::ranges::any_of(monitor.request, is_starttls)) {
    return Unsupported{"request", "a starttls step is not available in this version"};
  }
  if (monitor.close == CloseMode::quiet) {
    return Unsupported{"close", "close: quiet is not available in this version"};
  }
  return std::nullopt;
}

std::span<const std::string_view> later_sections() { return kLaterSections; }

}  // namespace tocsin
