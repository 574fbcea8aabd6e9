#include "probe/tls_verify.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

#include "base/limits.h"
#include "probe/certificate_facts.h"

namespace tocsin {
namespace {

constexpr size_t kNamesShown = 5;

std::string shown_names(const TlsFacts& facts) {
  if (facts.names.empty()) {
    return facts.subject.empty() ? "no name at all" : facts.subject;
  }
  std::string text;
  for (size_t i = 0; i < std::min(facts.names.size(), kNamesShown); ++i) {
    text += (i == 0 ? "" : ", ") + facts.names[i];
  }
  return facts.names.size() > kNamesShown
             ? fmt::format("{} and {} more", text, facts.names.size() - kNamesShown)
             : text;
}

std::string expired_text(const TlsFacts& facts, bool is_own) {
  if (facts.not_after == SystemTime()) {
    return "a certificate of the chain has expired";
  }
  const std::string end = rfc3339(facts.not_after);
  return is_own ? "the server's certificate has expired on " + end
                : "a certificate of the chain has expired; the server's own is valid until " + end;
}

}  // namespace

int verify_and_note_chain(x509_store_ctx_st* store, void* /*unused*/) {
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const X509* leaf = X509_STORE_CTX_get0_cert(store);
  if (TlsPeer* peer = peer_of(ssl); peer != nullptr && leaf != nullptr) {
    TlsFacts& facts = peer->facts;
    peer->has_expired = X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0;
    const auto* chain = X509_STORE_CTX_get0_untrusted(store);
    const int length = chain == nullptr ? 1 : sk_X509_num(chain);
    facts.chain_length = std::clamp(length, 1, static_cast<int>(kTlsChainMax));
    add_certificate_facts(leaf, facts);
    facts.chain = {certificate_of(leaf)};
    for (int i = 1; i < facts.chain_length; ++i) {
      facts.chain.push_back(certificate_of(sk_X509_value(chain, i)));
    }
  }
  return X509_verify_cert(store);
}

ProbeError verify_error(long result, const TlsPeer& peer, const std::string& wanted_name) {
  const TlsFacts& facts = peer.facts;
  switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {ErrorCode::tls_expired, Phase::tls, expired_text(facts, peer.has_expired)};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {ErrorCode::tls_not_yet_valid, Phase::tls,
              fmt::format(
                  "a certificate of the chain is not valid yet; the server's own is valid from {}",
                  rfc3339(facts.not_before))};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {ErrorCode::tls_name_mismatch, Phase::tls,
              fmt::format("wanted {}, the certificate is for {}", wanted_name, shown_names(facts))};
    default:
      return {ErrorCode::tls_untrusted, Phase::tls,
              fmt::format("{} (issued by {})", X509_verify_cert_error_string(result),
                          facts.issuer.empty() ? "nobody" : facts.issuer)};
  }
}

}  // namespace tocsin
