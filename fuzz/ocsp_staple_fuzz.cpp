// The OCSP answer that a server brings along: whatever it is, reading it ends, and what is not
// signed by the issuer of its certificate never counts.
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/check.h"
#include "probe/ocsp_staple.h"

namespace {

using namespace tocsin;

struct FreeCertificate {
  void operator()(X509* it) const { X509_free(it); }
};
struct FreeStore {
  void operator()(X509_STORE* it) const { X509_STORE_free(it); }
};
struct FreeStack {
  void operator()(stack_st_X509* it) const { sk_X509_free(it); }
};

}  // namespace

// The input is a certificate and, behind it, the answer; its issuer is itself, without a key that
// could have signed anything.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const unsigned char* at = data;
  const std::unique_ptr<X509, FreeCertificate> leaf(
      d2i_X509(nullptr, &at, static_cast<long>(size)));
  const std::unique_ptr<X509, FreeCertificate> empty(leaf ? nullptr : X509_new());
  X509* subject = leaf ? leaf.get() : empty.get();
  const size_t used = leaf ? static_cast<size_t>(at - data) : 0;
  const std::unique_ptr<stack_st_X509, FreeStack> chain(sk_X509_new_null());
  sk_X509_push(chain.get(), subject);
  const std::unique_ptr<X509_STORE, FreeStore> nobody(X509_STORE_new());
  const OcspStaple staple = read_staple({reinterpret_cast<const char*>(data) + used, size - used},
                                        subject, chain.get(), nobody.get());
  CHECK(staple.says != OcspStaple::Says::none, "an answer that came is told");
  CHECK(staple_name(staple.says) != "none", "and has a name");
  return 0;
}
