// TlsContexts keeps one OpenSSL context per distinct set of TLS options, and one store of the
// system's authorities for all that trust those: reading them takes tens of milliseconds of a loop
// that has none to spare. Both are made anew when one of their files has changed.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/error_code.h"
#include "model/monitor.h"
#include "probe/tls_session_book.h"

struct ssl_ctx_st;
struct x509_store_st;

namespace tocsin {

// What the sessions of one set of options share.
struct TlsContext {
  std::shared_ptr<ssl_ctx_st> openssl;
  uint64_t number = 0;  // never used twice
  std::shared_ptr<TlsSessionBook> sessions;
};

class TlsContexts {
 public:
  static constexpr size_t kContextsMax = 256;  // some 20 KB each; beyond it all are made anew

  // Trouble with a file of ours is `local_resource` and names the file.
  std::expected<TlsContext, ProbeError> get(const TlsOptions& options);
  [[nodiscard]] size_t size() const { return contexts_.size(); }

 private:
  // Shared with the sessions that still run on it.
  std::unordered_map<std::string, TlsContext> contexts_;
  std::shared_ptr<TlsSessionBook> sessions_ = std::make_shared<TlsSessionBook>();
  uint64_t made_ = 0;
  std::shared_ptr<x509_store_st> system_store_;
  std::string system_mark_;  // of the files in it
};

}  // namespace tocsin
