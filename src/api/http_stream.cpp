#include "api/http_stream.h"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <string_view>

namespace tocsin {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr size_t kHeardBytesMax = 1_MiB;  // of a client that talks on; then it is dropped
constexpr Duration kRestMax = 1h;         // a timer cannot be set to kNever

std::string chunk(std::string_view bytes) {
  return bytes.empty() ? std::string() : fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

}  // namespace

HttpStream::HttpStream(HttpLoop& loop, Socket& socket, std::shared_ptr<BodySource> source,
                       bool is_chunked, std::function<void(bool)> ended)
    : loop_(loop),
      socket_(socket),
      source_(std::move(source)),
      is_chunked_(is_chunked),
      ended_(std::move(ended)),
      timer_(loop.context) {}

void HttpStream::start() {
  source_->on_begin([stream = weak_from_this()] {
    if (const auto alive = stream.lock()) {
      alive->wake();
    }
  });
  watch_client();
  pump();
}

void HttpStream::stop() {
  ended_ = nullptr;
  source_.reset();
  timer_.cancel();
  ++timers_;
}

void HttpStream::pump() {
  BodyPiece piece = source_->next(loop_.clock.steady_now());
  then_ = piece.then;
  if (then_ == BodyPiece::Then::broken) {
    finish(false);
    return;
  }
  const bool is_end = then_ == BodyPiece::Then::end;
  std::string bytes = is_chunked_ ? chunk(piece.bytes) : std::move(piece.bytes);
  if (is_end && is_chunked_) {
    bytes += "0\r\n\r\n";
  }
  if (!bytes.empty()) {
    send(std::move(bytes));
  } else if (is_end) {
    finish(true);
  } else {
    rest(piece.ask_at);
  }
}

// Nothing to send until the wake, or until then.
void HttpStream::rest(SteadyTime until) {
  is_resting_ = true;
  const SteadyTime now = loop_.clock.steady_now();
  timer_.expires_after(until < now ? Duration(0) : std::min<Duration>(until - now, kRestMax));
  timer_.async_wait([self = shared_from_this(), meant = ++timers_](const error_code& error) {
    if (!error && meant == self->timers_ && self->is_resting_) {
      self->is_resting_ = false;
      self->pump();
    }
  });
}

// Not from inside the caller: it may be in the middle of telling many.
void HttpStream::wake() {
  if (!is_resting_) {
    return;  // it asks anyway, when what is being sent has left
  }
  is_resting_ = false;
  ++timers_;
  asio::post(loop_.context, [self = shared_from_this(), meant = timers_] {
    if (meant == self->timers_ && self->source_) {
      self->pump();
    }
  });
}

void HttpStream::send(std::string bytes) {
  out_ = std::move(bytes);
  sent_ = 0;
  send_some();
}

// Some at a time: each bit of progress gives the client its full time again.
void HttpStream::send_some() {
  timer_.expires_after(loop_.limits.idle_time);
  timer_.async_wait([self = shared_from_this(), meant = ++timers_](const error_code& error) {
    if (!error && meant == self->timers_) {
      self->expire();
    }
  });
  socket_.async_write_some(asio::buffer(out_.data() + sent_, out_.size() - sent_),
                           [self = shared_from_this()](const error_code& error, size_t bytes) {
                             self->on_sent(error, bytes);
                           });
}

void HttpStream::on_sent(const error_code& error, size_t bytes) {
  if (!source_) {
    return;
  }
  if (error) {
    finish(false);
    return;
  }
  sent_ += bytes;
  if (sent_ < out_.size()) {
    send_some();
    return;
  }
  out_.clear();
  ++timers_;
  if (then_ == BodyPiece::Then::end) {
    finish(true);
  } else {
    pump();
  }
}

void HttpStream::expire() { finish(false); }

// The end of what it says is the end of its interest: a client that waits for the rest keeps its
// side open.
void HttpStream::watch_client() {
  socket_.async_read_some(asio::buffer(heard_),
                          [self = shared_from_this()](const error_code& error, size_t bytes) {
                            if (!self->source_) {
                              return;
                            }
                            self->heard_bytes_ += bytes;
                            if (error || self->heard_bytes_ > kHeardBytesMax) {
                              self->finish(false);
                              return;
                            }
                            self->watch_client();
                          });
}

void HttpStream::finish(bool is_whole) {
  const auto ended = std::move(ended_);
  stop();
  // Two reads must not wait on one socket: the end of the client's bytes would be told to one only.
  error_code ignored;
  socket_.cancel(ignored);
  if (ended) {
    ended(is_whole);
  }
}

}  // namespace tocsin
