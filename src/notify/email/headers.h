// MailHeaders: the header block of a mail, RFC 5322, built so that no value can add a header or end
// the block: names are a closed list, free text is encoded (RFC 2047) and folded, the rest is of a
// type that cannot hold CR, LF or NUL.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "notify/email/address.h"

namespace tocsin {

enum class MailHeader : uint8_t {
  from,
  to,
  subject,
  date,
  message_id,
  in_reply_to,
  references,
  auto_submitted,
  mime_version,
  content_type,
};

class MailHeaders {
 public:
  // Free UTF-8 text of any origin. Control characters become spaces, invalid bytes U+FFFD.
  void text(MailHeader name, std::string_view value);
  void addresses(MailHeader name, std::span<const MailAddress> addresses);
  // "<left@domain>"; whatever could not stand in a message id is left out of `left`.
  void message_id(MailHeader name, std::string_view left, const MailAddress& domain_of);
  void date(MailHeader name, SystemTime at);
  // A word of ours: printable ASCII, at most 900 bytes; anything else is a broken invariant.
  void fixed(MailHeader name, std::string_view value);

  // All headers, CRLF behind each; without the empty line that ends a header block.
  [[nodiscard]] const std::string& block() const { return block_; }

 private:
  void add(MailHeader name, std::string_view folded_value);
  std::string block_;
};

}  // namespace tocsin
