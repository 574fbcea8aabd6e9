// Quoted-printable of RFC 2045 6.7: UTF-8 text in lines of at most 76 printable ASCII characters,
// CRLF behind each. Readable in the raw mail, and no byte of the text can be taken for a boundary
// or the end of the message.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

// Lines of `text` end in LF; CR is encoded like any control character. The result ends in CRLF.
std::string quoted_printable(std::string_view text);

}  // namespace tocsin
