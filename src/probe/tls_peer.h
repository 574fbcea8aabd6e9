// What a session's OpenSSL callbacks learn about its peer, and where they put it.
#pragma once

#include <memory>
#include <string>

#include "model/result.h"
#include "probe/tls_session_book.h"

struct ssl_st;
struct ssl_session_st;
struct x509_st;
struct evp_pkey_st;

namespace tocsin {

struct TlsPeer {
  TlsFacts facts;
  std::shared_ptr<TlsSessionBook> sessions;
  std::string key;                        // in `sessions`; empty: no session is kept
  std::shared_ptr<ssl_session_st> early;  // came before the handshake had ended (TLS 1.2)
  bool is_established = false;
  bool has_expired = false;        // its own certificate, by the system's clock
  bool wants_certificate = false;  // it has asked for one of ours
  bool asked_who_we_are = false;   // and there was none to show
  bool gave_ticket = false;        // TLS 1.3: what it says when it has accepted us, if anything
};

// `peer` outlives `ssl`.
void set_peer(ssl_st* ssl, TlsPeer* peer);
// Nothing when none was set.
TlsPeer* peer_of(const ssl_st* ssl);

// For SSL_CTX_sess_set_new_cb.
int keep_session(ssl_st* ssl, ssl_session_st* session);
// For SSL_CTX_set_cert_cb, which OpenSSL calls when a certificate is asked for.
int note_wanted(ssl_st* ssl, void* unused);
// For SSL_CTX_set_client_cert_cb, which OpenSSL calls when the context has none.
int note_asked(ssl_st* ssl, x509_st** certificate, evp_pkey_st** key);

}  // namespace tocsin
