// The one unit that uses Boost.Beast: its parser reads heads that http_head.h has found fit, and
// bodies.
#include "api/http_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <utility>

#include "api/http_reply.h"
#include "api/problem.h"
#include "base/letter_case.h"

namespace tocsin {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr size_t kReadBytes = 4096;  // of a head at once
// Beside the head; a chunk header that does not fit is refused.
constexpr size_t kBodyBufferBytes = 64_KiB;
constexpr Duration kClosingTime = 1s;      // for the peer to read our last answer
constexpr size_t kClosingBytes = 1_MiB;    // read and dropped meanwhile
constexpr size_t kRequestIdBytesMax = 64;  // of a client's own

bool is_fit_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kRequestIdBytesMax &&
         std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_' || c == '.';
         });
}

// One request's way back. Dropped without an answer (the server stops, a handler forgot), it says
// 503 itself.
class Answer {
 public:
  Answer(std::shared_ptr<HttpLoop> loop, std::weak_ptr<HttpSession> session, uint64_t number,
         std::string request_id)
      : loop_(std::move(loop)),
        session_(std::move(session)),
        number_(number),
        request_id_(std::move(request_id)) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { give(problem_response(unavailable("The server is stopping."), request_id_)); }

  void give(ApiResponse response) {
    if (given_.exchange(true)) {
      return;
    }
    // The closure holds no HttpLoop: work that waits in the loop must not keep the loop alive.
    loop_->post([session = session_, number = number_, response = std::move(response)]() mutable {
      if (const auto alive = session.lock()) {
        alive->answer(number, std::move(response));
      }
    });
  }

 private:
  std::shared_ptr<HttpLoop> loop_;
  std::weak_ptr<HttpSession> session_;
  uint64_t number_;
  std::string request_id_;
  std::atomic<bool> given_ = false;
};

}  // namespace

HttpSession::HttpSession(std::shared_ptr<HttpLoop> loop, Socket socket, SocketAddress peer,
                         std::optional<uint32_t> local_user)
    : loop_(std::move(loop)),
      socket_(std::move(socket)),
      deadline_(loop_->context),
      peer_(std::move(peer)),
      local_user_(local_user),
      buffer_(loop_->limits.header_bytes + kBodyBufferBytes) {}

void HttpSession::start() {
  wait(loop_->limits.header_time);
  continue_head();
}

void HttpSession::wait(Duration time) {
  waits_since_ = loop_->clock.steady_now();
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this(), meant = ++deadlines_](const ErrorText& error) {
    if (!error && meant == self->deadlines_) {
      self->on_deadline();
    }
  });
}

void HttpSession::on_deadline() {
  ErrorText ignored;
  switch (state_) {
    case State::head:
    case State::body:
      if (buffer_.size() > 0 || state_ == State::body) {
        socket_.cancel(ignored);  // the read under way would share the buffer with the next one
        refuse(408, "request_timeout", "The request did not arrive in time.");
        return;
      }
      close();
      return;
    case State::handling:
      answer(number_, problem_response(unavailable("The answer took too long."), request_id_));
      return;
    default:
      close();
  }
}

void HttpSession::continue_head() {
  const std::string_view received(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  const HeadScan scan = scan_head(received, loop_->limits.header_bytes);
  if (scan.state == HeadScan::State::refused) {
    refuse(400, "bad_request", fmt::format("The request is refused: {}.", scan.reason));
    return;
  }
  if (scan.state == HeadScan::State::complete) {
    on_head(scan.bytes);
    return;
  }
  socket_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](const ErrorText& error, size_t bytes) {
                            self->on_head_bytes(error, bytes);
                          });
}

void HttpSession::on_head_bytes(const ErrorText& error, size_t bytes) {
  if (state_ != State::idle && state_ != State::head) {
    return;
  }
  if (error) {
    close();
    return;
  }
  buffer_.commit(bytes);
  if (state_ == State::idle) {
    state_ = State::head;
    wait(loop_->limits.header_time);
  }
  continue_head();
}

void HttpSession::on_head(size_t bytes) {
  state_ = State::body;
  const auto* const begin = static_cast<const char*>(buffer_.data().data());
  const HeadJudgement judged = judge_head(std::string_view(begin, bytes));
  if (!judged.refused.empty()) {
    refuse(400, "bad_request", fmt::format("The request is refused: {}.", judged.refused));
    return;
  }
  if (judged.facts.content_length.value_or(0) > loop_->limits.body_bytes) {
    refuse(413, "too_large",
           fmt::format("The body may have {} bytes at most.", loop_->limits.body_bytes));
    return;
  }
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(loop_->limits.header_bytes));
  parser_->body_limit(loop_->limits.body_bytes);
  ErrorText error;
  const size_t used = parser_->put(asio::buffer(begin, bytes), error);
  const bool is_short = error == http::error::need_more;  // the head is whole, the body is not
  if ((error && !is_short) || used != bytes || !parser_->is_header_done()) {
    refuse(400, "bad_request", "The request is refused: it is not HTTP/1.1.");
    return;
  }
  buffer_.consume(bytes);
  read_body(judged.facts);
}

void HttpSession::read_body(const HeadFacts& facts) {
  if (facts.content_length.value_or(0) == 0 && !facts.is_chunked) {
    handle_request();
    return;
  }
  wait(loop_->limits.idle_time);
  const auto read = [self = shared_from_this()] {
    self->parser_->eager(true);
    http::async_read(self->socket_, self->buffer_, *self->parser_,
                     [self](const ErrorText& error, size_t) { self->on_body(error); });
  };
  if (!facts.expects_continue || buffer_.size() > 0) {
    read();
    return;
  }
  out_head_ = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(out_head_),
                    [self = shared_from_this(), read](const ErrorText& error, size_t) {
                      if (self->state_ != State::body) {
                        return;
                      }
                      error ? self->close() : read();
                    });
}

void HttpSession::on_body(const ErrorText& error) {
  if (state_ != State::body) {
    return;
  }
  if (!error) {
    handle_request();
  } else if (error == http::error::body_limit) {
    refuse(413, "too_large",
           fmt::format("The body may have {} bytes at most.", loop_->limits.body_bytes));
  } else if (error.category() == make_error_code(http::error::partial_message).category() &&
             error != http::error::partial_message && error != http::error::end_of_stream) {
    refuse(400, "bad_request", "The request is refused: its body is not framed as HTTP/1.1 says.");
  } else {
    close();
  }
}

ApiRequest HttpSession::take_request() {
  ApiRequest request;
  auto& message = parser_->get();
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(ascii_lower(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  request.peer = peer_;
  request.local_user = local_user_;
  const std::string_view wanted = request.header("x-request-id");
  request_id_ = is_fit_request_id(wanted) ? std::string(wanted) : loop_->next_request_id();
  request.request_id = request_id_;
  return request;
}

void HttpSession::handle_request() {
  state_ = State::handling;
  wait(loop_->limits.answer_time);
  ApiRequest request = take_request();
  is_head_request_ = request.method == "HEAD";
  // Respond is copied about; all copies mean the one Answer.
  auto way = std::make_shared<Answer>(loop_, weak_from_this(), ++number_, request_id_);
  loop_->handle(std::move(request),
                [way = std::move(way)](ApiResponse response) { way->give(std::move(response)); });
}

void HttpSession::answer(uint64_t number, ApiResponse response) {
  if (state_ != State::handling || number != number_) {
    return;
  }
  write(std::move(response), parser_->keep_alive() && !loop_->is_draining);
}

void HttpSession::refuse(int status, std::string_view code, std::string_view detail) {
  is_head_request_ = false;
  request_id_ = loop_->next_request_id();
  write(
      problem_response({.status = status, .code = std::string(code), .detail = std::string(detail)},
                       request_id_),
      false);
}

void HttpSession::write(ApiResponse response, bool keep_alive) {
  state_ = State::writing;
  wait(loop_->limits.idle_time);
  if (response.stream && !is_head_request_) {
    source_ = response.stream;
    keep_alive = false;
  }
  out_head_ = reply_head(response, {.request_id = request_id_,
                                    .now = loop_->clock.system_now(),
                                    .keep_alive = keep_alive,
                                    .is_http_11 = is_http_11()});
  out_body_ = is_head_request_ ? std::string() : std::move(response.body);
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(out_head_),
                                                   asio::buffer(out_body_)};
  asio::async_write(socket_, parts,
                    [self = shared_from_this(), keep_alive](const ErrorText& error, size_t) {
                      self->on_written(error, keep_alive);
                    });
}

void HttpSession::on_written(const ErrorText& error, bool keep_alive) {
  if (state_ != State::writing) {
    return;
  }
  if (error) {
    close();
    return;
  }
  out_body_.clear();
  out_body_.shrink_to_fit();
  if (loop_->is_draining) {
    close();  // the server ends: nobody has time for late bytes
    return;
  }
  if (source_) {
    begin_stream();
    return;
  }
  if (!keep_alive) {
    close_gently();
    return;
  }
  const bool has_next = buffer_.size() > 0;
  state_ = has_next ? State::head : State::idle;
  wait(has_next ? loop_->limits.header_time : loop_->limits.idle_time);
  continue_head();
}

bool HttpSession::is_http_11() const {
  constexpr unsigned kVersion11 = 11;
  return parser_ && parser_->is_header_done() && parser_->get().version() == kVersion11;
}

void HttpSession::begin_stream() {
  state_ = State::streaming;
  deadline_.cancel();  // the stream keeps its own time
  ++deadlines_;
  stream_ = std::make_shared<HttpStream>(*loop_, socket_, std::exchange(source_, nullptr),
                                         is_http_11(), [self = shared_from_this()](bool is_whole) {
                                           self->stream_.reset();
                                           is_whole ? self->close_gently() : self->close();
                                         });
  const auto stream = stream_;  // it may end at once
  stream->start();
}

// Closing with bytes unread makes the kernel send a reset, which may overtake our answer. So: no
// more from us, read what still comes, then close.
void HttpSession::close_gently() {
  state_ = State::closing;
  wait(kClosingTime);
  ErrorText ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  buffer_.consume(buffer_.size());
  drop_input();
}

void HttpSession::drop_input() {
  socket_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this()](
                                                           const ErrorText& error, size_t bytes) {
    self->dropped_bytes_ += bytes;
    if (self->state_ != State::closing || error || self->dropped_bytes_ > kClosingBytes) {
      self->close();
      return;
    }
    self->drop_input();
  });
}

std::optional<SteadyTime> HttpSession::silent_since() const {
  const bool is_silent = state_ == State::idle || (state_ == State::head && buffer_.size() == 0);
  return is_silent ? std::optional(waits_since_) : std::nullopt;
}

void HttpSession::drain() {
  if (state_ == State::streaming || silent_since()) {
    close();
  }
}

void HttpSession::close() {
  if (state_ == State::closed) {
    return;
  }
  state_ = State::closed;
  ErrorText ignored;
  deadline_.cancel();
  source_.reset();
  if (stream_) {
    std::exchange(stream_, nullptr)->stop();
  }
  socket_.close(ignored);
  loop_->leave(shared_from_this());
}

}  // namespace tocsin
