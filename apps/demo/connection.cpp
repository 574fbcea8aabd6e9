#include "connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tocsin::demo {
namespace {

constexpr size_t kLineBytesMax = 4096;
constexpr Duration kSilenceMax = 30s;

}  // namespace

Connection::Connection(UniqueFd fd, Behaviour behaviour, SSL_CTX* context, SteadyTime now)
    : fd_(std::move(fd)),
      behaviour_(behaviour),
      tls_(context == nullptr ? nullptr : SSL_new(context), &SSL_free),
      in_handshake_(context != nullptr),
      out_(greeting_of(behaviour)),
      give_up_at_(now + kSilenceMax) {
  if (tls_) {
    SSL_set_fd(tls_.get(), fd_.get());
  }
}

bool Connection::go_on(SteadyTime now) {
  if (now >= give_up_at_ || (in_handshake_ && shake_hands() == Io::over)) {
    return false;
  }
  if (in_handshake_) {
    return true;
  }
  const Io read = read_some(now);
  answer_lines(now);
  if (write_some() == Io::over || (read == Io::over && out_.empty())) {
    return false;
  }
  return !(closing_ && out_.empty());
}

Connection::Io Connection::shake_hands() {
  const int result = SSL_accept(tls_.get());
  if (result == 1) {
    in_handshake_ = false;
    return Io::done;
  }
  const int why = SSL_get_error(tls_.get(), result);
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? Io::again : Io::over;
}

Connection::Io Connection::read_some(SteadyTime now) {
  std::array<char, 1024> buffer{};
  while (in_.size() < kLineBytesMax) {
    const ssize_t bytes = tls_
                              ? SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()))
                              : ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (bytes > 0) {
      in_.append(buffer.data(), static_cast<size_t>(bytes));
      give_up_at_ = now + kSilenceMax;
      continue;
    }
    const bool again =
        tls_ ? SSL_get_error(tls_.get(), static_cast<int>(bytes)) == SSL_ERROR_WANT_READ
             : bytes < 0 && (errno == EAGAIN || errno == EINTR);
    return again ? Io::again : Io::over;
  }
  return Io::over;
}

void Connection::answer_lines(SteadyTime now) {
  for (size_t end = in_.find('\n'); end != std::string::npos && !closing_; end = in_.find('\n')) {
    if (behaviour_ == Behaviour::slow) {
      answer_at_ = answer_at_.value_or(now + kSlowAnswer);
      if (now < *answer_at_) {
        return;
      }
      answer_at_.reset();
    }
    std::string_view line = std::string_view(in_).substr(0, end);
    line = line.substr(0, line.find_last_not_of('\r') + 1);
    Answer answer = answer_to(behaviour_, line);
    out_ += answer.text;
    closing_ = answer.close;
    in_.erase(0, end + 1);
  }
}

Connection::Io Connection::write_some() {
  while (!out_.empty()) {
    const ssize_t bytes = tls_ ? SSL_write(tls_.get(), out_.data(), static_cast<int>(out_.size()))
                               : ::send(fd_.get(), out_.data(), out_.size(), MSG_NOSIGNAL);
    if (bytes <= 0) {
      const bool again =
          tls_ ? SSL_get_error(tls_.get(), static_cast<int>(bytes)) == SSL_ERROR_WANT_WRITE
               : errno == EAGAIN || errno == EINTR;
      return again ? Io::again : Io::over;
    }
    out_.erase(0, static_cast<size_t>(bytes));
  }
  return Io::done;
}

short Connection::wanted_events() const {
  return static_cast<short>(POLLIN | (out_.empty() ? 0 : POLLOUT));
}

SteadyTime Connection::wake_at() const {
  return std::min(give_up_at_, answer_at_.value_or(kNever));
}

}  // namespace tocsin::demo
