#include "probe/ocsp_staple.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include <memory>

#include "probe/certificate_facts.h"

namespace tocsin {
namespace {

constexpr long kClockSlackSeconds = 300;

template <class T, void (*free_it)(T*)>
struct Free {
  void operator()(T* it) const { free_it(it); }
};
using ResponsePointer = std::unique_ptr<OCSP_RESPONSE, Free<OCSP_RESPONSE, OCSP_RESPONSE_free>>;
using BasicPointer = std::unique_ptr<OCSP_BASICRESP, Free<OCSP_BASICRESP, OCSP_BASICRESP_free>>;
using IdPointer = std::unique_ptr<OCSP_CERTID, Free<OCSP_CERTID, OCSP_CERTID_free>>;

struct FreeStack {
  void operator()(stack_st_X509* stack) const { sk_X509_free(stack); }
};
using StackPointer = std::unique_ptr<stack_st_X509, FreeStack>;

X509* issuer_of(X509* leaf, stack_st_X509* chain) {
  for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
    X509* candidate = sk_X509_value(chain, i);
    if (X509_check_issued(candidate, leaf) == X509_V_OK) {
      return candidate;
    }
  }
  return nullptr;
}

// Nobody but the issuer stands in the list of those believed at their word: a list with the leaf in
// it would let the leaf vouch for itself.
bool is_signed_well(OCSP_BASICRESP* basic, X509* issuer, X509_STORE* trusted) {
  const StackPointer believed(sk_X509_new_null());
  return believed && sk_X509_push(believed.get(), issuer) > 0 &&
         OCSP_basic_verify(basic, believed.get(), trusted, OCSP_TRUSTOTHER) == 1;
}

struct Found {
  int status = -1;
  const ASN1_TIME* revoked_at = nullptr;
  const ASN1_TIME* this_update = nullptr;
  const ASN1_TIME* next_update = nullptr;
};

// An id carries hashes of the issuer, by a method that the responder chose.
Found find(OCSP_BASICRESP* basic, X509* leaf, X509* issuer) {
  for (const EVP_MD* method : {EVP_sha1(), EVP_sha256()}) {
    const IdPointer id(OCSP_cert_to_id(method, leaf, issuer));
    int status = -1;
    int reason = 0;
    ASN1_GENERALIZEDTIME* revoked_at = nullptr;
    ASN1_GENERALIZEDTIME* this_update = nullptr;
    ASN1_GENERALIZEDTIME* next_update = nullptr;
    if (id &&
        OCSP_resp_find_status(basic, id.get(), &status, &reason, &revoked_at, &this_update,
                              &next_update) == 1 &&
        OCSP_check_validity(this_update, next_update, kClockSlackSeconds, -1) == 1) {
      return {status, revoked_at, this_update, next_update};
    }
  }
  return {};
}

OcspStaple::Says meaning_of(int status) {
  switch (status) {
    case V_OCSP_CERTSTATUS_GOOD:
      return OcspStaple::Says::good;
    case V_OCSP_CERTSTATUS_REVOKED:
      return OcspStaple::Says::revoked;
    case V_OCSP_CERTSTATUS_UNKNOWN:
      return OcspStaple::Says::unknown;
    default:
      return OcspStaple::Says::unusable;
  }
}

}  // namespace

OcspStaple read_staple(std::string_view der, x509_st* leaf, stack_st_X509* chain,
                       x509_store_st* trusted) {
  OcspStaple staple{.says = OcspStaple::Says::unusable};
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  const ResponsePointer response(d2i_OCSP_RESPONSE(nullptr, &data, static_cast<long>(der.size())));
  const BasicPointer basic(response && OCSP_response_status(response.get()) ==
                                           OCSP_RESPONSE_STATUS_SUCCESSFUL
                               ? OCSP_response_get1_basic(response.get())
                               : nullptr);
  X509* issuer = issuer_of(leaf, chain);
  if (basic && issuer != nullptr && is_signed_well(basic.get(), issuer, trusted)) {
    const Found found = find(basic.get(), leaf, issuer);
    staple.says = meaning_of(found.status);
    staple.this_update = time_of(found.this_update);
    staple.next_update = time_of(found.next_update);
    staple.revoked_at = time_of(found.revoked_at);
  }
  ERR_clear_error();
  return staple;
}

}  // namespace tocsin
