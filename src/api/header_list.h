// Request headers that are lists (RFC 9110 5.6.1, 12.4, 13.1.2): which forms of an answer a client
// takes, and which it has already. Pure; what is not understood counts as absent, as none of them
// can do harm.
#pragma once

#include <string_view>
#include <vector>

namespace tocsin {

struct Preference {
  std::string_view name;  // of the header's bytes
  int quality = 0;        // thousandths; 0: not wanted, or not to be read
};
// The elements of Accept or Accept-Encoding, in order; without a q it is 1000. A header is bounded
// by kHttpHeaderBytesMax, so the list is.
std::vector<Preference> preferences(std::string_view list);

// Accept-Encoding. An absent header means no: a client that can unzip says so.
bool accepts_gzip(std::string_view accept_encoding);

// Whether Accept names exactly this type ("text/event-stream"); wildcards do not count: who takes
// anything gets what everybody gets.
bool accepts_type(std::string_view accept, std::string_view type);

// If-None-Match: whether `etag` (with its quotes) is in the list, or the list is "*". The
// comparison is the weak one, as the standard says for this header.
bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace tocsin
