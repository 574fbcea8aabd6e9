// HttpStream: sends a BodySource over a session's socket, in chunks (RFC 9112 7.1) or, to HTTP/1.0,
// as it is until the connection closes. A client that takes no byte for a while is dropped; one
// that goes away is noticed at once, because the socket is read meanwhile.
#pragma once

#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "api/body_source.h"
#include "api/http_loop.h"

namespace tocsin {

class HttpStream : public std::enable_shared_from_this<HttpStream> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  // `ended` is called once, unless stop() comes first; true: the whole body has left. `socket`
  // outlives the stream up to that moment.
  HttpStream(HttpLoop& loop, Socket& socket, std::shared_ptr<BodySource> source, bool is_chunked,
             std::function<void(bool)> ended);

  void start();
  // Lets go of the source; nothing is called any more.
  void stop();

 private:
  void pump();
  void rest(SteadyTime until);
  void wake();
  void send(std::string bytes);
  void send_some();
  void on_sent(const boost::system::error_code& error, size_t bytes);
  void watch_client();
  void expire();
  void finish(bool is_whole);

  HttpLoop& loop_;
  Socket& socket_;
  std::shared_ptr<BodySource> source_;
  const bool is_chunked_;
  std::function<void(bool)> ended_;
  boost::asio::steady_timer timer_;  // sending: no progress; resting: when to ask again
  uint64_t timers_ = 0;              // which wait is meant
  std::string out_;
  size_t sent_ = 0;
  BodyPiece::Then then_ = BodyPiece::Then::wait;
  bool is_resting_ = false;
  std::array<char, 1024> heard_{};  // a client has nothing to say meanwhile; it is not kept
  size_t heard_bytes_ = 0;
};

}  // namespace tocsin
