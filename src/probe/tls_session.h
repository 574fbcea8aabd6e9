// TlsSession: a TLS client as a machine over bytes. It is fed what the peer sent and says what to
// send back; it knows no socket and no clock (the dates of certificates are compared with the
// system's by OpenSSL).
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error_code.h"
#include "model/monitor.h"
#include "model/result.h"

struct ssl_st;
struct ssl_ctx_st;

namespace tocsin {

class TlsSession {
  struct Key {};  // only make() has one

 public:
  struct Step {
    std::string send;                 // bytes for the peer; on an error the alert that says why
    std::string plain;                // decrypted bytes
    bool established = false;         // the handshake ended with this step
    bool closed = false;              // the peer said close_notify
    std::optional<ProbeError> error;  // the session is over
  };

  // `host` is what the user wrote as target: the name to ask for (SNI) and to check, unless the
  // options name another.
  static std::expected<std::unique_ptr<TlsSession>, ProbeError> make(
      std::shared_ptr<ssl_ctx_st> context, const TlsOptions& options, std::string_view host);
  explicit TlsSession(Key) {}
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Step start();  // the ClientHello
  Step feed(std::string_view from_peer);
  Step encrypt(std::string_view plain);  // after `established`
  std::string close_notify();
  [[nodiscard]] bool is_established() const { return established_; }
  // What is known so far; the certificate also when its check failed.
  [[nodiscard]] const TlsFacts& facts() const { return facts_; }

 private:
  Step advance();
  void read_plain(Step& step);
  void note_established();
  std::string take_outgoing();
  ProbeError explain(int result) const;

  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  TlsFacts facts_;  // before ssl_: its verify callback writes here
  std::shared_ptr<ssl_ctx_st> context_;
  std::unique_ptr<ssl_st, Free> ssl_;
  std::string wanted_name_;
  std::string first_bytes_;  // of the peer, to say what it speaks when it is not TLS
  bool established_ = false;
};

}  // namespace tocsin
