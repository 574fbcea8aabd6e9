// The certificate check of a session: OpenSSL's own, with the facts of the chain noted on the way,
// so that they are known even when the check fails and the handshake ends there.
#pragma once

#include <string>

#include "base/error_code.h"
#include "probe/tls_peer.h"

struct x509_store_ctx_st;

namespace tocsin {

// For SSL_CTX_set_cert_verify_callback; the facts go to the session's TlsPeer.
int verify_and_note_chain(x509_store_ctx_st* store, void* unused);
// The error of a certificate check that ended with `result` (X509_V_...), told with the facts of
// the leaf.
ProbeError verify_error(long result, const TlsPeer& peer, const std::string& wanted_name);

}  // namespace tocsin
