// The words before TLS: what a client says in each protocol so that the server agrees to a
// handshake, as steps of a dialogue. Sources: RFC 3207 (smtp), 2595 (imap, pop3), 4217 (ftp),
// 4511 4.14 (ldap), 6120 5 (xmpp), the PostgreSQL and MySQL protocol documents.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "model/monitor.h"

namespace tocsin {

// Ends with a StarttlsStep. Empty for a protocol that we do not know.
std::vector<Step> starttls_steps(std::string_view protocol, std::string_view server_name);

// True when `received`, an answer that those steps refuse, is not about STARTTLS: the server lets
// nobody in, or not us. "554 no service", "* BYE overloaded", "Too many connections".
bool turns_away(std::string_view protocol, std::string_view received);

// The protocol's last words inside TLS; empty where closing says it all.
std::string_view starttls_goodbye(std::string_view protocol);

// The monitor to talk as: `monitor` itself, or with tls.mode starttls and no StarttlsStep of its
// own a copy whose request begins with the steps of its protocol.
std::shared_ptr<const Monitor> with_starttls_steps(const std::shared_ptr<const Monitor>& monitor);

}  // namespace tocsin
