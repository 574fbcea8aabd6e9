// HttpSession: one connection, TCP or local: reads a request, has it handled, writes the answer,
// again. Every wait has a deadline.
//
//   idle -> head -> body -> handling -> writing -> idle ...      anything wrong: an answer, then
//   closing
//                                       writing -> streaming -> closing
//
// A streamed answer (body_source.h) is the last of its connection.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>

#include "api/http_head.h"
#include "api/http_loop.h"
#include "api/http_stream.h"
#include "api/message.h"

namespace tocsin {

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  HttpSession(std::shared_ptr<HttpLoop> loop, Socket socket, SocketAddress peer,
              std::optional<uint32_t> local_user);

  void start();
  // The answer to request `number`; too late or twice is nothing.
  void answer(uint64_t number, ApiResponse response);
  // The server stops: an idle connection closes now, a stream too, a busy one after its answer.
  void drain();
  void close();

  // Since when the client has said nothing although it could; nothing while something is going on.
  [[nodiscard]] std::optional<SteadyTime> silent_since() const;
  [[nodiscard]] const SocketAddress& peer() const { return peer_; }
  [[nodiscard]] bool is_local() const { return local_user_.has_value(); }

 private:
  enum class State : uint8_t { idle, head, body, handling, writing, streaming, closing, closed };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using ErrorText = boost::system::error_code;

  void wait(Duration time);
  void on_deadline();
  void continue_head();
  void on_head_bytes(const ErrorText& error, size_t bytes);
  void on_head(size_t bytes);
  void read_body(const HeadFacts& facts);
  void on_body(const ErrorText& error);
  void handle_request();
  ApiRequest take_request();
  void refuse(int status, std::string_view code, std::string_view detail);
  void write(ApiResponse response, bool keep_alive);
  void on_written(const ErrorText& error, bool keep_alive);
  [[nodiscard]] bool is_http_11() const;
  void begin_stream();
  void close_gently();
  void drop_input();

  std::shared_ptr<HttpLoop> loop_;
  Socket socket_;
  boost::asio::steady_timer deadline_;
  SocketAddress peer_;
  std::optional<uint32_t> local_user_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  State state_ = State::head;
  uint64_t number_ = 0;     // of the request being handled
  uint64_t deadlines_ = 0;  // which wait is meant
  SteadyTime waits_since_{};
  size_t dropped_bytes_ = 0;
  bool is_head_request_ = false;
  std::string request_id_;
  std::string out_head_, out_body_;
  std::shared_ptr<BodySource> source_;  // of the answer being written; goes to stream_
  std::shared_ptr<HttpStream> stream_;
};

}  // namespace tocsin
