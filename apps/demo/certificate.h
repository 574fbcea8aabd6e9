// A self-signed certificate for 127.0.0.1 and localhost, made at every start and good for ten days.
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace tocsin::demo {

using TlsContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

// A server context with a new key; the certificate is also written to `file` for those who are to
// trust it.
Result<TlsContext> make_certificate(const std::filesystem::path& file);

}  // namespace tocsin::demo
