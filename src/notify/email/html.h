// The HTML half of a mail: small, no images, no scripts, nothing loaded from elsewhere; every value
// escaped.
#pragma once

#include <string>
#include <string_view>

#include "notify/notice.h"

namespace tocsin {

// & < > " ' as references, so that the text may stand in content and in quoted attributes.
std::string html_escape(std::string_view text);

std::string notice_html(const NoticeFacts& facts);

}  // namespace tocsin
