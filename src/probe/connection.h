// Connection: one slot's connection from connect to close: bytes in and out, with or without TLS,
// and the polite close of product.md "One attempt" 5. It judges nothing; its owner is told what
// happens, and lets it go when the verdict is known: the close then goes on without an owner.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.h"
#include "base/error_code.h"
#include "base/time.h"
#include "ports/probe_io.h"
#include "probe/pool.h"
#include "probe/tls_session.h"

namespace tocsin {

class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void on_open(Connection& connection, int error, SteadyTime at) = 0;
  // Our next step comes so much later than it could.
  virtual void on_own_work(Duration took) = 0;
  virtual void on_secured(Connection& connection, SteadyTime at) = 0;  // the handshake is done
  // The peer said something of TLS itself after it.
  virtual void on_tls_news(Connection& /*connection*/, SteadyTime /*at*/) {}
  virtual void on_tls_error(Connection& connection, ProbeError error, SteadyTime at) = 0;
  virtual void on_sent(Connection& connection, SteadyTime at) = 0;  // all that was written has left
  virtual void on_bytes(Connection& connection, std::string_view bytes, SteadyTime at) = 0;
  virtual void on_ended(Connection& connection, int error,
                        SteadyTime at) = 0;  // 0: the peer has closed
  // Before each of the above: what came was told at `at`, and is handled now.
  virtual void note_event(const IoEvent& event, SteadyTime now) = 0;
};

// What all connections of a prober share.
struct ConnectionTools {
  ProbeIo& io;
  Pool& pool;
  std::span<char> drain;  // where bytes that nobody wants are read to
};

class Connection {
 public:
  Connection(SlotIndex slot, const ConnectionTools& tools) : slot_(slot), tools_(tools) {}
  ~Connection();  // closes: what it reads into goes with it
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void open(ConnectionOwner& owner, const SocketAddress& to, const ConnectOptions& options);
  void start_reading();  // on_bytes from now on
  void write(std::string_view plain);
  void start_tls(std::unique_ptr<TlsSession> session);

  // The next handshake with this server is a full one.
  void drop_session() {
    if (tls()) {
      stream_->tls->drop_session();
    }
  }

  // The owner is done: says `goodbye`, closes so that the peer sees no reset, then goes back to the
  // pool by itself.
  void let_go(std::string_view goodbye, SteadyTime now);
  // Closed at once; stays with the caller, who opens it again or gives it back.
  void abandon(CloseMode mode);

  void on_event(const IoEvent& event);
  void on_time();  // the polite close takes too long
  // What Pool::feed_elsewhere did; nothing when it was for an earlier session of this slot.
  void on_crypto(uint32_t serial, TlsSession::Step step, SteadyTime at, SteadyTime now);

  [[nodiscard]] SlotIndex slot() const { return slot_; }
  [[nodiscard]] ConnectionOwner* owner() const { return owner_; }
  // Not to be asked while is_computing(), but for has_offered().
  [[nodiscard]] const TlsSession* tls() const { return stream_ ? stream_->tls.get() : nullptr; }
  [[nodiscard]] std::shared_ptr<TlsSession> shared_tls() const { return stream_->tls; }
  [[nodiscard]] uint32_t serial() const { return serial_; }
  // What the peer has said is being worked on elsewhere, since then.
  [[nodiscard]] std::optional<SteadyTime> computing_since() const {
    return stream_ ? stream_->computing_since : std::nullopt;
  }

 private:
  enum class State : uint8_t { idle, connecting, open, leaving };

  // What only a connection has on which bytes go to and fro.
  struct Stream {
    std::vector<char> inbox;
    std::shared_ptr<TlsSession> tls;  // shared with the thread that computes
    std::string outgoing;             // on its way; stays put until it has left
    std::string queued;               // behind it
    std::optional<SteadyTime> computing_since;
  };

  Stream& stream();
  [[nodiscard]] bool is_secured() const { return tls() && tls()->is_established(); }
  void on_received(const IoEvent& event);
  void on_stream_end(int error, SteadyTime at);
  void on_tls_step(TlsSession::Step step, SteadyTime at);
  void on_sent(const IoEvent& event);
  void queue(std::string bytes);
  void receive_more();
  void drain(const IoEvent& event);
  void say_end();
  void close_and_return();

  SlotIndex slot_;
  State state_ = State::idle;
  bool receiving_ = false;
  bool sending_ = false;
  bool owes_sent_ = false;      // the owner waits for on_sent
  bool stream_ended_ = false;   // nothing more will come
  bool awaits_answer_ = false;  // to the goodbye: our end is said after it
  uint32_t serial_ = 0;         // counts the connections of this slot
  uint32_t drained_ = 0;
  const ConnectionTools& tools_;
  ConnectionOwner* owner_ = nullptr;
  Boxed<Stream> stream_;
};

}  // namespace tocsin
