// Which form of a list a client asks for by its Accept header.
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin {

enum class ListForm : uint8_t { json, csv, ndjson };

// The form with the highest q; JSON when none of ours is named, or on a tie with it: whoever takes
// anything gets JSON.
ListForm list_form(std::string_view accept);
std::string_view list_content_type(ListForm form);

}  // namespace tocsin
