#include "probe/connection.h"

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "probe/errno_map.h"

namespace tocsin {
namespace {

constexpr size_t kInboxBytes = 16_KiB;  // one read; a TLS record is no longer

}  // namespace

Connection::Connection(SlotIndex slot, ProbeIo& io, Pool& pool, std::span<char> drain)
    : slot_(slot), io_(io), pool_(pool), drain_(drain) {}

Connection::~Connection() {
  if (state_ != State::idle) {
    io_.close(slot_, CloseMode::fin);
  }
}

void Connection::open(ConnectionOwner& owner, const SocketAddress& to,
                      const ConnectOptions& options) {
  CHECK(state_ == State::idle, "a connection is opened when the last one is closed");
  owner_ = &owner;
  state_ = State::connecting;
  io_.connect(slot_, to, options);
}

void Connection::start_reading() {
  if (!inbox_) {
    inbox_ = std::make_unique_for_overwrite<char[]>(kInboxBytes);
  }
  receive_more();
}

void Connection::receive_more() {
  if (receiving_ || stream_ended_) {
    return;
  }
  receiving_ = true;
  io_.receive(slot_, inbox_ ? std::span<char>(inbox_.get(), kInboxBytes) : drain_);
}

void Connection::write(std::string_view plain) {
  owes_sent_ = true;
  if (!tls_ || !tls_->is_established()) {
    queue(std::string(plain));
    return;
  }
  queue(tls_->encrypt(plain).send);  // an error of the session is told by the next read
}

void Connection::queue(std::string bytes) {
  if (sending_) {
    queued_ += bytes;
  } else if (!bytes.empty()) {
    outgoing_ = std::move(bytes);
    sending_ = true;
    io_.send(slot_, outgoing_);
  }
}

void Connection::start_tls(std::unique_ptr<TlsSession> session) {
  tls_ = std::move(session);
  queue(tls_->start().send);
  start_reading();
}

void Connection::on_event(const IoEvent& event) {
  switch (event.kind) {
    case IoKind::connected:
      if (state_ == State::connecting) {
        state_ = State::open;
        owner_->on_open(*this, event.error, event.at);
      }
      return;
    case IoKind::sent:
      if (sending_) {
        on_sent(event);
      }
      return;
    case IoKind::received:
      if (receiving_) {
        receiving_ = false;
        state_ == State::leaving ? drain(event) : on_received(event);
      }
      return;
  }
}

void Connection::on_sent(const IoEvent& event) {
  sending_ = false;
  outgoing_.clear();
  if (state_ == State::leaving && (event.error != 0 || (stream_ended_ && queued_.empty()))) {
    close_and_return();
    return;
  }
  if (event.error != 0) {
    queued_.clear();
    // What the peer said before it went away is still to be read, and the read tells the end too.
    if (!receiving_) {
      on_stream_end(event.error, event.at);
    }
    return;
  }
  queue(std::exchange(queued_, {}));
  if (sending_) {
    return;
  }
  if (state_ == State::leaving) {
    if (!awaits_answer_) {
      io_.shutdown_write(slot_);
    }
  } else if (owes_sent_) {
    owes_sent_ = false;
    owner_->on_sent(*this, event.at);
  }
}

void Connection::on_received(const IoEvent& event) {
  if (event.bytes == 0) {
    on_stream_end(event.error, event.at);
    return;
  }
  const std::string_view bytes(inbox_.get(), event.bytes);
  if (tls_ && !tls_->is_established() && pool_.feed_elsewhere(*this, bytes, event.at)) {
    computing_since_ = event.at;
    return;
  }
  if (tls_) {
    on_tls_step(tls_->feed(bytes), event.at);
  } else {
    owner_->on_bytes(*this, bytes, event.at);
  }
  if (state_ == State::open || state_ == State::leaving) {
    receive_more();
  }
}

void Connection::on_crypto(uint32_t serial, TlsSession::Step step, SteadyTime at, SteadyTime now) {
  if (serial != serial_ || !computing_since_) {
    return;
  }
  computing_since_.reset();
  owner_->on_own_work(now - at);
  on_tls_step(std::move(step), at);
  if (state_ == State::open || state_ == State::leaving) {
    receive_more();
  }
}

void Connection::on_tls_step(TlsSession::Step step, SteadyTime at) {
  queue(std::move(step.send));
  if (step.error) {
    owner_->on_tls_error(*this, std::move(*step.error), at);
    return;
  }
  if (step.established) {
    owner_->on_secured(*this, at);
  }
  if (state_ == State::open && !step.plain.empty()) {
    owner_->on_bytes(*this, step.plain, at);
  }
  if (state_ == State::open && step.closed) {
    on_stream_end(0, at);
  }
}

void Connection::on_stream_end(int error, SteadyTime at) {
  stream_ended_ = true;
  if (!tls_ || tls_->is_established()) {
    owner_->on_ended(*this, error, at);
  } else if (error != 0) {
    owner_->on_tls_error(*this, stream_error(error, Phase::tls), at);
  } else {
    owner_->on_tls_error(*this,
                         {ErrorCode::tls_handshake, Phase::tls,
                          "the peer closed the connection during the handshake"},
                         at);
  }
}

void Connection::let_go(CloseMode mode, std::string_view goodbye, SteadyTime now) {
  owner_ = nullptr;
  state_ = State::leaving;
  if (mode != CloseMode::fin) {
    abandon(mode);
    pool_.give_back(*this);
    return;
  }
  drained_ = 0;
  if (!stream_ended_) {
    if (!goodbye.empty()) {
      write(goodbye);
    }
    // Who finds the end of TLS right behind a goodbye may take its own answer for lost, and log
    // that (Postfix).
    awaits_answer_ = tls_ && tls_->is_established() && !goodbye.empty();
  }
  if (stream_ended_ && !sending_) {
    close_and_return();
    return;
  }
  if (!awaits_answer_) {
    say_end();
  }
  pool_.arm(*this, now + kDrainTime);
  receive_more();
}

void Connection::say_end() {
  awaits_answer_ = false;
  if (!stream_ended_ && tls_ && tls_->is_established()) {
    queue(tls_->close_notify());
  }
  if (!sending_) {
    io_.shutdown_write(slot_);
  }
}

void Connection::drain(const IoEvent& event) {
  drained_ += event.bytes;
  if (tls_ && event.bytes > 0) {
    // Sessions to resume come last (RFC 8446 4.6.1).
    const TlsSession::Step step = tls_->feed({inbox_.get(), event.bytes});
    if (awaits_answer_ && (!step.plain.empty() || step.closed || step.error)) {
      say_end();
    }
  }
  if (event.bytes == 0 || drained_ > kDrainBytesMax) {
    close_and_return();
  } else {
    receive_more();
  }
}

void Connection::on_time() {
  if (state_ == State::leaving) {
    if (awaits_answer_) {
      say_end();
    }
    close_and_return();
  }
}

void Connection::close_and_return() {
  abandon(CloseMode::fin);
  pool_.give_back(*this);
}

void Connection::abandon(CloseMode mode) {
  io_.close(slot_, mode);
  pool_.arm(*this, kNever);
  state_ = State::idle;
  owner_ = nullptr;
  receiving_ = sending_ = owes_sent_ = stream_ended_ = awaits_answer_ = false;
  ++serial_;
  computing_since_.reset();
  inbox_.reset();
  tls_.reset();
  outgoing_.clear();
  queued_.clear();
}

}  // namespace tocsin
