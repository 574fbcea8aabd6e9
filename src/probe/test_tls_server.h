// For tests: the server's side of TLS over memory, fed with bytes like TlsSession.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "probe/test_certificates.h"

struct ssl_st;
struct ssl_ctx_st;

namespace tocsin {

struct TlsServerWish {
  int version_max = 0;                                // TLS1_1_VERSION ...; 0: any
  std::string alpn;                                   // the one protocol it speaks
  const TestCertificate* client_authority = nullptr;  // asks for a client certificate signed by it
  std::vector<TestCertificate> authorities;           // sent behind its own
  std::string staple;                                 // OCSP answer it brings along, DER
};

class TestTlsServer {
 public:
  TestTlsServer(const TestCertificate& identity, const TlsServerWish& wish = {});
  // The next connection to `earlier`, which may resume its sessions.
  explicit TestTlsServer(const TestTlsServer& earlier);
  [[nodiscard]] bool has_resumed() const;
  // What to send back for these bytes; decrypted bytes are added to `plain`.
  std::string feed(std::string_view bytes);
  std::string encrypt(std::string_view text);
  std::string close_notify();
  std::string plain;
  std::string alert;  // what the client complained about
  bool established = false;
  bool closed = false;  // the client said close_notify

 private:
  void begin();
  std::string take();
  std::shared_ptr<ssl_ctx_st> context_;
  std::shared_ptr<ssl_st> ssl_;
};

}  // namespace tocsin
