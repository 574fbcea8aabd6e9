#include "config/supported.h"

#include <array>

namespace tocsin {
namespace {

constexpr std::array<std::string_view, 2> kLaterSections = {"maintenance", "status_pages"};

}  // namespace

std::span<const std::string_view> later_sections() { return kLaterSections; }

}  // namespace tocsin
