// A text as a JSON string.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

// A JSON string with its quotes. Control characters, DEL to U+009F and U+2028/2029 are escaped, so
// that YAML reads it too.
void append_json_text(std::string& out, std::string_view value);

}  // namespace tocsin
