#include "probe/tls_context.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <cstring>
#include <string_view>

#include "base/limits.h"
#include "core/evaluate.h"
#include "probe/tls_peer.h"
#include "probe/tls_verify.h"

namespace tocsin {
namespace {

// Changes whenever the file does.
std::string file_mark(const std::string& path) {
  struct stat status{};
  if (path.empty() || ::stat(path.c_str(), &status) != 0) {
    return path;
  }
  return fmt::format("{}@{}.{}", path, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

// What makes two contexts different; names are checked per session and are not part of it. NUL
// cannot occur in the parts.
std::string key_of(const TlsOptions& options, const std::string& authorities) {
  std::string key = options.verify ? "1" : "0";
  for (const std::string& part : {authorities, file_mark(options.certificate_file),
                                  file_mark(options.key_file), options.min_version}) {
    (key += '\0') += part;
  }
  for (const std::string& protocol : options.alpn) {
    (key += '\0') += protocol;
  }
  return key;
}

std::unexpected<ProbeError> local_trouble(std::string_view what, const std::string& path) {
  const unsigned long code = ERR_peek_error();
  const char* reason = ERR_SYSTEM_ERROR(code)
                           ? std::strerror(static_cast<int>(ERR_GET_REASON(code)))
                           : ERR_reason_error_string(code);
  ERR_clear_error();
  return std::unexpected(ProbeError{ErrorCode::local_resource, Phase::tls,
                                    fmt::format("{}{} {}: {}", kUnusableFile, what, path,
                                                reason == nullptr ? "unknown reason" : reason)});
}

// Each protocol with its length in front (RFC 7301 3.1); those that cannot be written so are left
// out.
std::string alpn_list(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& protocol : protocols) {
    if (!protocol.empty() && protocol.size() < 256) {
      list += static_cast<char>(protocol.size());
      list += protocol;
    }
  }
  return list;
}

std::expected<void, ProbeError> load_files(SSL_CTX* context, const TlsOptions& options) {
  if (!options.ca_file.empty() && SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1) {
    return local_trouble("ca_file", options.ca_file);
  }
  if (options.certificate_file.empty()) {
    return {};
  }
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
    return local_trouble("certificate_file", options.certificate_file);
  }
  const std::string& key = options.key_file.empty() ? options.certificate_file : options.key_file;
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return local_trouble("key_file", key);
  }
  return {};
}

// A key that asks for a password must not stop the loop at a terminal.
int no_password(char*, int, int, void*) { return 0; }

std::expected<std::shared_ptr<SSL_CTX>, ProbeError> make_context(const TlsOptions& options) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context) {
    return std::unexpected(
        ProbeError{ErrorCode::local_resource, Phase::tls, "OpenSSL has no memory left"});
  }
  SSL_CTX_set_default_passwd_cb(context.get(), no_password);
  SSL_CTX_set_min_proto_version(context.get(),
                                options.min_version == "1.3" ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_verify_depth(context.get(), static_cast<int>(kTlsChainMax));
  SSL_CTX_set_verify(context.get(), options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  // Sessions are kept by TlsSessionBook alone.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context.get(), keep_session);
  SSL_CTX_set_cert_cb(context.get(), note_wanted, nullptr);
  SSL_CTX_set_client_cert_cb(context.get(), note_asked);
  SSL_CTX_set_cert_verify_callback(context.get(), verify_and_note_chain, nullptr);
  const std::string alpn = alpn_list(options.alpn);
  if (!alpn.empty()) {
    SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                            static_cast<unsigned>(alpn.size()));
  }
  if (auto loaded = load_files(context.get(), options); !loaded) {
    return std::unexpected(std::move(loaded).error());
  }
  return context;
}

}  // namespace

std::expected<TlsContext, ProbeError> TlsContexts::get(const TlsOptions& options) {
  const std::string authorities =
      options.ca_file.empty()
          ? file_mark(X509_get_default_cert_file()) + '\0' + file_mark(X509_get_default_cert_dir())
          : file_mark(options.ca_file);
  std::string key = key_of(options, authorities);
  if (const auto found = contexts_.find(key); found != contexts_.end()) {
    return found->second;
  }
  auto context = make_context(options);
  if (!context) {
    return std::unexpected(std::move(context).error());
  }
  if (options.ca_file.empty()) {
    if (!system_store_ || system_mark_ != authorities) {
      system_store_ = {X509_STORE_new(), X509_STORE_free};
      X509_STORE_set_default_paths(system_store_.get());
      system_mark_ = authorities;
    }
    SSL_CTX_set1_cert_store(context->get(), system_store_.get());
  }
  if (contexts_.size() >= kContextsMax) {
    contexts_.clear();
  }
  return contexts_[std::move(key)] = {std::move(*context), ++made_, sessions_};
}

}  // namespace tocsin
