#include "probe/tls_peer.h"

#include <openssl/ssl.h>

#include <utility>

namespace tocsin {

void set_peer(ssl_st* ssl, TlsPeer* peer) { SSL_set_app_data(ssl, peer); }

TlsPeer* peer_of(const ssl_st* ssl) {
  return ssl == nullptr ? nullptr : static_cast<TlsPeer*>(SSL_get_app_data(ssl));
}

int keep_session(ssl_st* ssl, ssl_session_st* session) {
  TlsPeer* peer = peer_of(ssl);
  if (peer != nullptr) {
    peer->gave_ticket = true;
  }
  if (peer == nullptr || peer->key.empty() || SSL_SESSION_is_resumable(session) != 1) {
    return 0;  // OpenSSL frees it
  }
  std::shared_ptr<ssl_session_st> kept(session, SSL_SESSION_free);
  if (peer->is_established) {
    peer->sessions->keep(peer->key, std::move(kept));
  } else {
    peer->early = std::move(kept);
  }
  return 1;
}

int note_wanted(ssl_st* ssl, void*) {
  if (TlsPeer* peer = peer_of(ssl)) {
    peer->wants_certificate = true;
  }
  return 1;  // the handshake goes on
}

int note_asked(ssl_st* ssl, x509_st**, evp_pkey_st**) {
  if (TlsPeer* peer = peer_of(ssl)) {
    peer->asked_who_we_are = true;
  }
  return 0;  // the handshake goes on without
}

}  // namespace tocsin
