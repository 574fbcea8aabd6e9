// What a proxy's refusal means: is the target in trouble, or only the proxy? The tables of SOCKS5
// replies (RFC 1928 6), of HTTP status codes, and of what proxies say beside them (Proxy-Status,
// RFC 9209; X-Squid-Error). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error_code.h"

namespace tocsin {

struct HttpAnswer {
  int status = 0;  // 0: the first line has none
  std::string reason;
  std::string proxy_status;  // value of the field of that name; empty: not there
  std::string squid_error;   // of X-Squid-Error
};

// `head` ends with an empty line.
HttpAnswer read_http_answer(std::string_view head);

// `reply` is not 0.
ProbeError socks_refusal(uint8_t reply);
// The status is not of 1xx or 2xx.
ProbeError http_refusal(const HttpAnswer& answer);

}  // namespace tocsin
