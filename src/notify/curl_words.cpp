#include "notify/curl_words.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <cerrno>
#include <system_error>

#include "base/time.h"
#include "notify/safe_text.h"

namespace tocsin {
namespace {

constexpr size_t kPhraseShownMax = 100;

std::string connect_words(const TransferTrouble& trouble) {
  if (trouble.peer.empty()) {
    return "no connection to the receiver";
  }
  if (trouble.system_error == ECONNREFUSED) {
    return "connection refused by " + trouble.peer;
  }
  if (trouble.system_error == 0) {
    return "no connection to " + trouble.peer;
  }
  return fmt::format("no connection to {}: {}", trouble.peer,
                     std::generic_category().message(trouble.system_error));
}

std::string timeout_words(const TransferTrouble& trouble) {
  if (trouble.peer.empty()) {
    return fmt::format("the receiver's name was not resolved within {}",
                       duration_text(trouble.connect_timeout));
  }
  if (!trouble.connected) {
    return fmt::format("no connection to {} within {}", trouble.peer,
                       duration_text(trouble.connect_timeout));
  }
  // Greeting, STARTTLS and login of SMTP count to the connect.
  return fmt::format("no complete answer from {} within {}", trouble.peer,
                     duration_text(trouble.took < trouble.total_timeout ? trouble.connect_timeout
                                                                        : trouble.total_timeout));
}

std::string certificate_words(const TransferTrouble& trouble) {
  return fmt::format("the certificate of {} is not accepted: {}", trouble.peer,
                     trouble.verify_result == 0
                         ? "it is for another name"
                         : X509_verify_cert_error_string(trouble.verify_result));
}

// What a person could not guess from the status alone.
std::string_view status_meaning(long status) {
  if (status >= 300 && status < 400) {
    return ": redirects are not followed, write the final URL";
  }
  switch (status) {
    case 410:
      return ": the receiver says that it is gone for good";
    case 413:
      return ": the message is too large for the receiver";
    default:
      return "";
  }
}

}  // namespace

std::string trouble_words(const TransferTrouble& trouble) {
  switch (trouble.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the receiver's host name cannot be resolved";
    case CURLE_COULDNT_CONNECT:
      return connect_words(trouble);
    case CURLE_OPERATION_TIMEDOUT:
      return timeout_words(trouble);
    case CURLE_PEER_FAILED_VERIFICATION:
      return certificate_words(trouble);
    case CURLE_SSL_CONNECT_ERROR:
      return "the TLS handshake with " + trouble.peer + " failed";
    case CURLE_USE_SSL_FAILED:
      return trouble.peer +
             " does not offer STARTTLS, which this channel requires; nothing was sent";
    case CURLE_LOGIN_DENIED:
      return trouble.peer + " refused the user name or password";
    case CURLE_GOT_NOTHING:
      return trouble.peer + " closed the connection without an answer";
    case CURLE_UNSUPPORTED_PROTOCOL:
      // libcurl's word for an answer without a status line, too.
      return trouble.peer.empty() ? "the URL is neither http nor https"
                                  : trouble.peer + " answered something that is not HTTP";
    case CURLE_URL_MALFORMAT:
      return "the URL cannot be read";
    default:
      return fmt::format("sending to {} failed: {}",
                         trouble.peer.empty() ? "the receiver" : trouble.peer,
                         curl_easy_strerror(trouble.code));
  }
}

std::string no_login_words(std::string_view peer) {
  return fmt::format(
      "{} offers no login that is known here, but this channel has a username; nothing was sent. "
      "Remove username and password, or use the server's port for logins (mostly 587 or 465)",
      peer);
}

std::string status_words(long status, std::string_view phrase) {
  const std::string shown = shown_line(phrase, kPhraseShownMax);
  return fmt::format("{}{}{}{}", status, shown.empty() ? "" : " ", shown, status_meaning(status));
}

}  // namespace tocsin
