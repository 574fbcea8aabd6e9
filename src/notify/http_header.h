// What may stand in a header of HTTP: RFC 9110 5.1 and 5.5, without the obsolete forms.
#pragma once

#include <string_view>

namespace tocsin {

// Letters, digits and !#$%&'*+-.^_`|~.
bool is_header_name(std::string_view name);
// No CR, LF, NUL nor other control character but tab.
bool is_header_value(std::string_view value);
// Ignores ASCII case.
bool same_header_name(std::string_view a, std::string_view b);

}  // namespace tocsin
