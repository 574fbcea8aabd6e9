#include "probe/connection.h"

#include <cerrno>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "probe/errno_map.h"

namespace tocsin {
namespace {

// One read. A banner is shorter, and so is what a server says of itself in a handshake.
constexpr size_t kInboxBytes = 4_KiB;
constexpr size_t kTlsInboxBytes = 8_KiB;

}  // namespace

Connection::~Connection() {
  if (state_ != State::idle) {
    tools_.io.close(slot_, CloseMode::fin);
  }
}

void Connection::open(ConnectionOwner& owner, const SocketAddress& to,
                      const ConnectOptions& options) {
  CHECK(state_ == State::idle, "a connection is opened when the last one is closed");
  owner_ = &owner;
  state_ = State::connecting;
  tools_.io.connect(slot_, to, options);
}

Connection::Stream& Connection::stream() {
  if (!stream_) {
    stream_ = Stream();
  }
  return *stream_;
}

void Connection::start_reading() {
  if (stream().inbox.empty()) {
    stream_->inbox.resize(stream_->tls ? kTlsInboxBytes : kInboxBytes);
  }
  receive_more();
}

void Connection::receive_more() {
  if (receiving_ || stream_ended_) {
    return;
  }
  receiving_ = true;
  const bool has_inbox = stream_ && !stream_->inbox.empty();
  tools_.io.receive(slot_, has_inbox ? std::span<char>(stream_->inbox) : tools_.drain);
}

void Connection::write(std::string_view plain) {
  owes_sent_ = true;
  if (!is_secured()) {
    queue(std::string(plain));
    return;
  }
  queue(stream_->tls->encrypt(plain).send);  // an error of the session is told by the next read
}

void Connection::queue(std::string bytes) {
  if (sending_) {
    stream_->queued += bytes;
  } else if (!bytes.empty()) {
    stream().outgoing = std::move(bytes);
    sending_ = true;
    tools_.io.send(slot_, stream_->outgoing);
  }
}

void Connection::start_tls(std::unique_ptr<TlsSession> session) {
  stream().tls = std::move(session);
  queue(stream_->tls->start().send);
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
  stream_->outgoing.clear();
  if (state_ == State::leaving &&
      (event.error != 0 || (stream_ended_ && stream_->queued.empty()))) {
    close_and_return();
    return;
  }
  if (event.error != 0) {
    stream_->queued.clear();
    // What the peer said before it went away is still to be read, and the read tells the end too.
    if (!receiving_) {
      on_stream_end(event.error, event.at);
    }
    return;
  }
  queue(std::exchange(stream_->queued, {}));
  if (sending_) {
    return;
  }
  if (state_ == State::leaving) {
    if (!awaits_answer_) {
      tools_.io.shutdown_write(slot_);
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
  const std::string_view bytes(stream_->inbox.data(), event.bytes);
  if (tls() && !is_secured() && tools_.pool.feed_elsewhere(*this, bytes, event.at)) {
    stream_->computing_since = event.at;
    return;
  }
  if (tls()) {
    on_tls_step(stream_->tls->feed(bytes), event.at);
  } else {
    owner_->on_bytes(*this, bytes, event.at);
  }
  if (state_ == State::open || state_ == State::leaving) {
    receive_more();
  }
}

void Connection::on_crypto(uint32_t serial, TlsSession::Step step, SteadyTime at, SteadyTime now) {
  if (serial != serial_ || !computing_since()) {
    return;
  }
  stream_->computing_since.reset();
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
  const bool was_secured = is_secured() && !step.established;
  if (step.established) {
    owner_->on_secured(*this, at);
  }
  if (state_ == State::open && !step.plain.empty()) {
    owner_->on_bytes(*this, step.plain, at);
  } else if (state_ == State::open && was_secured && !step.closed) {
    owner_->on_tls_news(*this, at);
  }
  if (state_ == State::open && step.closed) {
    on_stream_end(0, at);
  }
}

void Connection::on_stream_end(int error, SteadyTime at) {
  stream_ended_ = true;
  if (!tls() || is_secured()) {
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

void Connection::let_go(std::string_view goodbye, SteadyTime now) {
  owner_ = nullptr;
  state_ = State::leaving;
  drained_ = 0;
  if (!stream_ended_) {
    if (!goodbye.empty()) {
      write(goodbye);
    }
    // Who finds the end of TLS right behind a goodbye may take its own answer for lost, and log
    // that (Postfix).
    awaits_answer_ = is_secured() && !goodbye.empty();
  }
  if (stream_ended_ && !sending_) {
    close_and_return();
    return;
  }
  if (!awaits_answer_) {
    say_end();
  }
  tools_.pool.arm(*this, now + kDrainTime);
  receive_more();
}

void Connection::say_end() {
  awaits_answer_ = false;
  if (!stream_ended_ && is_secured()) {
    queue(stream_->tls->close_notify());
  }
  if (!sending_) {
    tools_.io.shutdown_write(slot_);
  }
}

void Connection::drain(const IoEvent& event) {
  drained_ += static_cast<uint32_t>(event.bytes);
  if (tls() && event.bytes > 0) {
    // Sessions to resume come last (RFC 8446 4.6.1).
    const TlsSession::Step step = stream_->tls->feed({stream_->inbox.data(), event.bytes});
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
  tools_.pool.give_back(*this);
}

void Connection::abandon(CloseMode mode) {
  tools_.io.close(slot_, mode);
  tools_.pool.arm(*this, kNever);
  state_ = State::idle;
  owner_ = nullptr;
  receiving_ = sending_ = owes_sent_ = stream_ended_ = awaits_answer_ = false;
  ++serial_;
  stream_.reset();
}

}  // namespace tocsin
