// How a failed transfer is told. Never libcurl's own message, which may quote the URL with its
// secrets: only what kind of failure it was and the address we connected to.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tocsin {

struct TransferTrouble {
  CURLcode code = CURLE_OK;
  int system_error = 0;    // errno of the connect, 0 = none
  long verify_result = 0;  // of OpenSSL's chain check, 0 = fine
  std::string peer;        // "127.0.0.1:9000"; empty before the first connect
  bool connected = false;
  std::chrono::milliseconds connect_timeout{}, total_timeout{};
  Duration took{};
};

// "connection refused by 127.0.0.1:9000"
std::string trouble_words(const TransferTrouble& trouble);

// The channel has a user name, and the SMTP server `peer` no login for it.
std::string no_login_words(std::string_view peer);

// "204 No Content" from the status line of a reply; the phrase is shown safely and cut.
std::string status_words(long status, std::string_view phrase);

}  // namespace tocsin
