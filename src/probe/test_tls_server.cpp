#include "probe/test_tls_server.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>

#include "base/check.h"

namespace tocsin {
namespace {

int choose_alpn(SSL*, const unsigned char** out, unsigned char* length,
                const unsigned char* offered, unsigned offered_length, void* wanted) {
  const std::string& name = *static_cast<std::string*>(wanted);
  const std::string_view list(reinterpret_cast<const char*>(offered), offered_length);
  const size_t found = list.find(name);
  if (found == std::string_view::npos) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = offered + found;
  *length = static_cast<unsigned char>(name.size());
  return SSL_TLSEXT_ERR_OK;
}

int bring_staple(SSL* ssl, void* wanted) {
  const std::string& staple = *static_cast<std::string*>(wanted);
  void* copy = OPENSSL_memdup(staple.data(), staple.size());  // OpenSSL frees it
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP, static_cast<long>(staple.size()), copy);
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TestTlsServer::TestTlsServer(const TestCertificate& identity, const TlsServerWish& wish)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
  SSL_CTX* context = context_.get();
  SSL_CTX_use_certificate(context, identity.certificate.get());
  SSL_CTX_use_PrivateKey(context, identity.key.get());
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("test"), 4);
  if (wish.version_max != 0) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, 0);
    SSL_CTX_set_max_proto_version(context, wish.version_max);
  }
  if (!wish.alpn.empty()) {
    auto name = std::make_shared<std::string>(wish.alpn);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, name.get());
    context_ = {context, [name, owner = context_](SSL_CTX*) {}};
  }
  if (wish.client_authority != nullptr) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), wish.client_authority->certificate.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  for (const TestCertificate& each : wish.authorities) {
    SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, each.certificate.get());
  }
  if (!wish.staple.empty()) {
    auto staple = std::make_shared<std::string>(wish.staple);
    // What SSL_CTX_set_tlsext_status_cb and _arg are, without the C casts in those macros.
    SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                          reinterpret_cast<void (*)()>(bring_staple));
    SSL_CTX_ctrl(context, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB_ARG, 0, staple.get());
    context_ = {context, [staple, owner = context_](SSL_CTX*) {}};
  }
  begin();
}

TestTlsServer::TestTlsServer(const TestTlsServer& earlier) : context_(earlier.context_) { begin(); }

bool TestTlsServer::has_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

void TestTlsServer::begin() {
  ssl_ = {SSL_new(context_.get()), SSL_free};
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_.get());
}

std::string TestTlsServer::feed(std::string_view bytes) {
  ERR_clear_error();
  BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
  established = established || SSL_do_handshake(ssl_.get()) == 1;
  std::array<char, 4096> buffer;
  int count = 0;
  while (established &&
         (count = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))) > 0) {
    plain.append(buffer.data(), static_cast<size_t>(count));
  }
  closed = closed || (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  if (const unsigned long error = ERR_peek_error(); error != 0) {
    alert = ERR_reason_error_string(error);
  }
  return take();
}

std::string TestTlsServer::encrypt(std::string_view text) {
  CHECK(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) > 0,
        "the server may speak");
  return take();
}

std::string TestTlsServer::close_notify() {
  SSL_shutdown(ssl_.get());
  return take();
}

std::string TestTlsServer::take() {
  char* data = nullptr;
  BIO* out = SSL_get_wbio(ssl_.get());
  const long length = BIO_get_mem_data(out, &data);
  std::string bytes(data, static_cast<size_t>(length));
  BIO_reset(out);
  return bytes;
}

}  // namespace tocsin
