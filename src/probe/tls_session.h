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
#include "probe/tls_context.h"
#include "probe/tls_peer.h"

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

  // Which server an earlier session may be resumed with.
  struct Resume {
    std::string server;  // its address; empty: the handshake is a full one and nothing is kept
    SystemTime now{};    // an offer must not outlive its certificates
  };

  // `host` is what the user wrote as target: the name to ask for (SNI) and to check, unless the
  // options name another.
  static std::expected<std::unique_ptr<TlsSession>, ProbeError> make(const TlsContext& context,
                                                                     const TlsOptions& options,
                                                                     std::string_view host,
                                                                     const Resume& resume);
  explicit TlsSession(Key) {}
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Step start();  // the ClientHello
  Step feed(std::string_view from_peer);
  Step encrypt(std::string_view plain);  // after `established`
  std::string close_notify();
  [[nodiscard]] bool is_established() const { return peer_.is_established; }
  // What is known so far; the certificate also when its check failed.
  [[nodiscard]] const TlsFacts& facts() const { return peer_.facts; }
  // TLS 1.3 ends the handshake before the server has looked at the certificate that it wants of us:
  // its refusal comes later, as an alert. False also when it has accepted us since.
  [[nodiscard]] bool may_still_refuse_us() const;
  // The server was asked to resume a session.
  [[nodiscard]] bool has_offered() const { return offered_ != nullptr; }
  // It did not go well: the next handshake with this server is a full one.
  void drop_session();

 private:
  Step advance();
  void read_plain(Step& step);
  void note_established(Step& step);
  void read_staple_of_peer();
  std::string take_outgoing();
  ProbeError explain(int result) const;

  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  TlsPeer peer_;  // before ssl_: its callbacks write here
  std::shared_ptr<ssl_ctx_st> context_;
  std::shared_ptr<const TlsFacts> offered_;  // what the session that was offered goes back to
  std::unique_ptr<ssl_st, Free> ssl_;
  std::string wanted_name_;
  std::string first_bytes_;  // of the peer, to say what it speaks when it is not TLS
  bool verifies_ = true;
};

}  // namespace tocsin
