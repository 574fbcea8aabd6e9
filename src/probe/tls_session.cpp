#include "probe/tls_session.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "core/evaluate.h"
#include "probe/ocsp_staple.h"
#include "probe/tls_verify.h"

namespace tocsin {
namespace {

constexpr size_t kFirstBytesShown = 40;

ProbeError tls_error(ErrorCode code, std::string detail) {
  return {code, Phase::tls, std::move(detail)};
}

// OpenSSL's words for an alert of the peer: "sslv3 alert handshake failure"; the protocol's old
// name misleads.
std::string plain_reason(unsigned long code) {
  const char* text = ERR_reason_error_string(code);
  std::string reason = text == nullptr ? "unknown reason" : text;
  for (const std::string_view prefix :
       {"sslv3 alert ", "tlsv1 alert ", "tlsv13 alert ", "tlsv1 "}) {
    if (reason.starts_with(prefix)) {
      return std::string(kTlsAlert) + reason.substr(prefix.size());
    }
  }
  return reason;
}

// Asks for `name` (names only, RFC 6066 3) and has the certificate checked for it.
bool set_name(SSL* ssl, const std::string& name, bool verify) {
  if (name.empty()) {
    return true;
  }
  X509_VERIFY_PARAM* check = SSL_get0_param(ssl);
  if (IpAddress::parse(name)) {
    return !verify || X509_VERIFY_PARAM_set1_ip_asc(check, name.c_str()) == 1;
  }
  // What SSL_set_tlsext_host_name is, without the C cast in that macro.
  if (SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(name.c_str())) != 1) {
    return false;
  }
  X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return !verify || X509_VERIFY_PARAM_set1_host(check, name.c_str(), name.size()) == 1;
}

bool is_version_trouble(unsigned long code) {
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) {
    return false;
  }
  constexpr std::array kReasons = {SSL_R_UNSUPPORTED_PROTOCOL,   SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
                                   SSL_R_VERSION_TOO_LOW,        SSL_R_VERSION_TOO_HIGH,
                                   SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_WRONG_SSL_VERSION};
  return std::ranges::find(kReasons, ERR_GET_REASON(code)) != kReasons.end();
}

}  // namespace

// OpenSSL takes a session for spoilt when its connection ends without close_notify, as those do
// that are reset on purpose; what is to be kept is decided by drop_session() alone.
void TlsSession::Free::operator()(ssl_st* ssl) const {
  SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl);
}
TlsSession::~TlsSession() = default;

std::expected<std::unique_ptr<TlsSession>, ProbeError> TlsSession::make(const TlsContext& context,
                                                                        const TlsOptions& options,
                                                                        std::string_view host,
                                                                        const Resume& resume) {
  ERR_clear_error();
  auto session = std::make_unique<TlsSession>(Key{});
  session->context_ = context.openssl;
  session->verifies_ = options.verify;
  session->ssl_.reset(SSL_new(session->context_.get()));
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  if (!session->ssl_ || in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    return std::unexpected(tls_error(ErrorCode::local_resource, "OpenSSL has no memory left"));
  }
  SSL* ssl = session->ssl_.get();
  SSL_set_bio(ssl, in, out);
  SSL_set_connect_state(ssl);
  set_peer(ssl, &session->peer_);
  // What SSL_set_tlsext_status_type is, without the C cast in that macro.
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE, TLSEXT_STATUSTYPE_ocsp, nullptr);
  session->wanted_name_ = options.server_name.empty() ? std::string(host) : options.server_name;
  if (!set_name(ssl, session->wanted_name_, options.verify)) {
    return std::unexpected(
        tls_error(ErrorCode::tls_handshake,
                  fmt::format("{} cannot be asked for as a server name",
                              escape_for_display(session->wanted_name_, kHostBytesMax))));
  }
  if (!resume.server.empty() && full_every_of(options) > 1) {
    session->peer_.sessions = context.sessions;
    session->peer_.key =
        fmt::format("{} {} {}", context.number, resume.server, session->wanted_name_);
    TlsSessionBook::Offer offer =
        context.sessions->offer(session->peer_.key, full_every_of(options), resume.now);
    if (offer.session && SSL_set_session(ssl, offer.session.get()) == 1) {
      session->offered_ = std::move(offer.facts);
    }
  }
  return session;
}

TlsSession::Step TlsSession::start() { return advance(); }

bool TlsSession::may_still_refuse_us() const {
  return peer_.is_established && peer_.wants_certificate && !peer_.gave_ticket &&
         SSL_version(ssl_.get()) == TLS1_3_VERSION;
}

TlsSession::Step TlsSession::feed(std::string_view from_peer) {
  if (first_bytes_.size() < kFirstBytesShown) {
    first_bytes_ += from_peer.substr(0, kFirstBytesShown - first_bytes_.size());
  }
  BIO_write(SSL_get_rbio(ssl_.get()), from_peer.data(), static_cast<int>(from_peer.size()));
  return advance();
}

TlsSession::Step TlsSession::advance() {
  ERR_clear_error();
  Step step;
  if (!peer_.is_established) {
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
      note_established(step);
    } else if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
      step.error = explain(result);
    }
  }
  if (peer_.is_established && !step.error) {
    read_plain(step);
  }
  step.send = take_outgoing();
  return step;
}

void TlsSession::read_plain(Step& step) {
  std::array<char, 16_KiB> buffer;
  while (true) {
    const int count = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) {
      step.plain.append(buffer.data(), static_cast<size_t>(count));
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), count);
    if (error == SSL_ERROR_ZERO_RETURN) {
      step.closed = true;
    } else if (error != SSL_ERROR_WANT_READ) {
      step.error = explain(count);
    }
    return;
  }
}

TlsSession::Step TlsSession::encrypt(std::string_view plain) {
  ERR_clear_error();
  Step step;
  if (!plain.empty()) {
    const int count = SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    if (count <= 0) {
      step.error = explain(count);
    }
  }
  step.send = take_outgoing();
  return step;
}

std::string TlsSession::close_notify() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  return take_outgoing();
}

std::string TlsSession::take_outgoing() {
  BIO* out = SSL_get_wbio(ssl_.get());
  char* data = nullptr;
  const long length = BIO_get_mem_data(out, &data);
  std::string bytes = length > 0 ? std::string(data, static_cast<size_t>(length)) : std::string();
  BIO_reset(out);
  return bytes;
}

void TlsSession::note_established(Step& step) {
  peer_.is_established = step.established = true;
  TlsFacts& facts = peer_.facts;
  const bool is_resumed = SSL_session_reused(ssl_.get()) == 1 && offered_;
  if (is_resumed) {
    facts = *offered_;
  }
  facts.resumed = is_resumed;
  facts.version = SSL_get_version(ssl_.get());
  facts.cipher = SSL_get_cipher_name(ssl_.get());
  const unsigned char* protocol = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &protocol, &length);
  facts.alpn = escape_for_display({reinterpret_cast<const char*>(protocol), length});
  if (!is_resumed) {
    read_staple_of_peer();
    if (verifies_ && facts.staple.says == OcspStaple::Says::revoked) {
      step.established = false;
      step.error = tls_error(
          ErrorCode::tls_revoked,
          fmt::format("its issuer has revoked the certificate on {}, says the OCSP answer that the "
                      "server sent along",
                      rfc3339(facts.staple.revoked_at)));
      return;
    }
  }
  if (!peer_.key.empty()) {
    if (!is_resumed) {
      peer_.sessions->begin(peer_.key, std::make_shared<TlsFacts>(facts));
    }
    if (peer_.early) {
      peer_.sessions->keep(peer_.key, std::move(peer_.early));
    }
  }
}

void TlsSession::read_staple_of_peer() {
  unsigned char* answer = nullptr;
  // What SSL_get_tlsext_status_ocsp_resp is, without the C cast in that macro.
  const long length = SSL_ctrl(ssl_.get(), SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0,
                               static_cast<void*>(&answer));
  X509* leaf = SSL_get0_peer_certificate(ssl_.get());
  stack_st_X509* verified = SSL_get0_verified_chain(ssl_.get());  // its root is often not sent
  if (answer != nullptr && length > 0 && leaf != nullptr) {
    peer_.facts.staple =
        read_staple({reinterpret_cast<const char*>(answer), static_cast<size_t>(length)}, leaf,
                    verified == nullptr ? SSL_get_peer_cert_chain(ssl_.get()) : verified,
                    SSL_CTX_get_cert_store(context_.get()));
  }
}

void TlsSession::drop_session() {
  if (!peer_.key.empty()) {
    peer_.sessions->drop(peer_.key);
  }
}

ProbeError TlsSession::explain(int result) const {
  const long verified = SSL_get_verify_result(ssl_.get());
  const unsigned long code = ERR_peek_error();
  if (!peer_.is_established && verified != X509_V_OK &&
      ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    return verify_error(verified, peer_, wanted_name_);
  }
  if (is_version_trouble(code)) {
    return tls_error(ErrorCode::tls_version, plain_reason(code));
  }
  const int reason = ERR_GET_REASON(code);
  if (!peer_.is_established &&
      (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)) {
    return tls_error(ErrorCode::tls_handshake,
                     std::string(kNotTls) + escape_for_display(first_bytes_));
  }
  if (code == 0) {
    return tls_error(ErrorCode::tls_handshake,
                     fmt::format("the TLS stream is broken (OpenSSL error {})",
                                 SSL_get_error(ssl_.get(), result)));
  }
  const std::string asked = peer_.asked_who_we_are ? std::string(kAskedForCertificate) : "";
  return tls_error(ErrorCode::tls_handshake, plain_reason(code) + asked);
}

}  // namespace tocsin
