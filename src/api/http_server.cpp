#include "api/http_server.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <thread>

#include "api/http_reply.h"
#include "api/http_session.h"
#include "api/listen_socket.h"
#include "api/problem.h"
#include "base/check.h"
#include "base/ids.h"

namespace tocsin {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr int kAcceptsAtOnce = 64;        // before others get their turn
constexpr Duration kAcceptPause = 100ms;  // when the system has no descriptors left

// One listening socket: takes connections and makes sessions of them, within the limits.
class Listener {
 public:
  Listener(std::shared_ptr<HttpLoop> loop, ListenSocket socket)
      : loop_(std::move(loop)),
        address_(std::move(socket.address)),
        descriptor_(loop_->context, socket.fd.release()),
        pause_(loop_->context) {}

  void wait() {
    descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                           [this](const error_code& error) {
                             if (!error) {
                               accept_some();
                             }
                           });
  }

  void close() {
    error_code ignored;
    pause_.cancel();
    descriptor_.close(ignored);
    if (address_.is_unix()) {
      ::unlink(address_.unix_path.c_str());
    }
  }

  [[nodiscard]] const SocketAddress& address() const { return address_; }

 private:
  void accept_some() {
    for (int i = 0; i < kAcceptsAtOnce; ++i) {
      sockaddr_storage storage{};
      socklen_t length = sizeof(storage);
      UniqueFd fd(::accept4(descriptor_.native_handle(), reinterpret_cast<sockaddr*>(&storage),
                            &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (fd.valid()) {
        admit(std::move(fd), SocketAddress::from_sockaddr(storage, length));
        continue;
      }
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        pause();
        return;
      }
      if (errno == EAGAIN) {
        break;
      }
    }
    wait();
  }

  // The connection stays in the kernel's queue and the descriptor readable, so waiting for it would
  // spin.
  void pause() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const error_code& error) {
      if (!error) {
        wait();
      }
    });
  }

  void admit(UniqueFd fd, SocketAddress peer) {
    std::optional<uint32_t> local_user;
    if (address_.is_unix()) {
      local_user = trusted_peer(fd.get());
      if (!local_user || loop_->local_connections >= loop_->limits.local_connections) {
        return;
      }
      ++loop_->local_connections;
    } else if (!loop_->enter(peer.ip)) {
      refuse_full(fd.get());
      return;
    }
    start(std::move(fd), std::move(peer), local_user);
  }

  void start(UniqueFd fd, SocketAddress peer, std::optional<uint32_t> local_user) {
    using Protocol = asio::generic::stream_protocol;
    const int family = local_user ? AF_UNIX : peer.ip.family == Family::v4 ? AF_INET : AF_INET6;
    if (!local_user) {
      const int on = 1;
      ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    HttpSession::Socket socket(loop_->context, Protocol(family, local_user ? 0 : IPPROTO_TCP),
                               fd.release());
    auto session =
        std::make_shared<HttpSession>(loop_, std::move(socket), std::move(peer), local_user);
    loop_->sessions.insert(session);
    session->start();
  }

  // As far as it goes without waiting; the descriptor closes either way.
  void refuse_full(int fd) {
    const std::string id = loop_->next_request_id();
    const ApiResponse response = problem_response(
        unavailable("Too many connections are open. Close some or try again later."), id);
    const std::string text =
        reply_head(response, {.request_id = id, .now = loop_->clock.system_now()}) + response.body;
    [[maybe_unused]] const ssize_t sent =
        ::send(fd, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
  }

  std::shared_ptr<HttpLoop> loop_;
  SocketAddress address_;
  asio::posix::stream_descriptor descriptor_;
  asio::steady_timer pause_;
};

}  // namespace

void HttpLoop::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (!is_closed_) {
    asio::post(context, std::move(work));
  }
  // Else `work` ends with the call, after the lock: what it holds may post again.
}

void HttpLoop::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  context.restart();
  context.poll();
}

std::string HttpLoop::next_request_id() {
  return fmt::format("{:016x}-{:x}",
                     stable_hash(static_cast<uint64_t>(started_.time_since_epoch().count())),
                     ++requests_);
}

bool HttpLoop::enter(const IpAddress& client) {
  return count.enter(client) || (make_room(client) && count.enter(client));
}

// First that of the same client: others are pushed out only when no place is left at all.
bool HttpLoop::make_room(const IpAddress& client) {
  const SteadyTime latest = clock.steady_now() - limits.silent_time;
  std::shared_ptr<HttpSession> own, any;
  const auto is_longer = [](const HttpSession& one, const std::shared_ptr<HttpSession>& other) {
    return !other || *one.silent_since() < *other->silent_since();
  };
  for (const auto& session : sessions) {
    if (session->is_local() || session->silent_since().value_or(kNever) > latest) {
      continue;
    }
    if (is_longer(*session, any)) {
      any = session;
    }
    if (client_network(session->peer().ip) == client_network(client) && is_longer(*session, own)) {
      own = session;
    }
  }
  const auto& leaves = own ? own : count.all() >= limits.connections ? any : nullptr;
  if (leaves) {
    leaves->close();
  }
  return leaves != nullptr;
}

void HttpLoop::leave(const std::shared_ptr<HttpSession>& session) {
  if (sessions.erase(session) == 0) {
    return;
  }
  if (session->is_local()) {
    --local_connections;
  } else {
    count.leave(session->peer().ip);
  }
  if (is_draining && sessions.empty() && on_empty) {
    on_empty();
  }
}

class HttpServer::Impl {
 public:
  Impl(const HttpSettings& settings, const Clock& clock)
      : loop_(std::make_shared<HttpLoop>(settings, clock)),
        work_(loop_->context.get_executor()),
        drain_(loop_->context) {}

  Result<void> bind(const HttpSettings& settings) {
    for (const SocketAddress& address : settings.listen) {
      if (auto added = add(listen_tcp(address)); !added) {
        return added;
      }
    }
    return settings.local_socket.empty() ? Result<void>()
                                         : add(listen_local(settings.local_socket));
  }

  void serve(Handle handle) {
    CHECK(!thread_.joinable(), "a server is started once");
    loop_->handle = std::move(handle);
    for (const auto& listener : listeners_) {
      listener->wait();
    }
    thread_ = std::thread([this] { loop_->context.run(); });
  }

  void stop() {
    if (is_stopped_) {
      return;
    }
    is_stopped_ = true;
    if (thread_.joinable()) {
      loop_->post([this] { begin_drain(); });
      thread_.join();
    } else {
      close_listeners();
    }
    loop_->close();
    loop_->on_empty = nullptr;
    listeners_.clear();
  }

  const std::vector<SocketAddress>& addresses() const { return addresses_; }
  Mailbox& mailbox() { return *loop_; }

 private:
  Result<void> add(Result<ListenSocket> socket) {
    if (!socket) {
      return std::unexpected(socket.error());
    }
    addresses_.push_back(socket->address);
    listeners_.push_back(std::make_unique<Listener>(loop_, std::move(*socket)));
    return {};
  }

  void close_listeners() {
    for (const auto& listener : listeners_) {
      listener->close();
    }
  }

  // Connections under way keep the loop running until their answers have left or the time is up.
  void begin_drain() {
    close_listeners();
    loop_->is_draining = true;
    loop_->on_empty = [this] { drain_.cancel(); };
    work_.reset();
    for (const auto& session : std::set(loop_->sessions)) {
      session->drain();
    }
    if (loop_->sessions.empty()) {
      return;
    }
    drain_.expires_after(loop_->limits.drain_time);
    drain_.async_wait([this](const error_code&) {
      for (const auto& session : std::set(loop_->sessions)) {
        session->close();
      }
    });
  }

  std::shared_ptr<HttpLoop> loop_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer drain_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<SocketAddress> addresses_;
  std::thread thread_;
  bool is_stopped_ = false;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { impl_->stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::open(const HttpSettings& settings,
                                                     const Clock& clock) {
  auto impl = std::make_unique<Impl>(settings, clock);
  auto server = std::make_unique<HttpServer>(std::move(impl));
  if (const auto bound = server->impl_->bind(settings); !bound) {
    return std::unexpected(bound.error());
  }
  return server;
}

void HttpServer::serve(Handle handle) { impl_->serve(std::move(handle)); }
const std::vector<SocketAddress>& HttpServer::addresses() const { return impl_->addresses(); }
Mailbox& HttpServer::mailbox() { return impl_->mailbox(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace tocsin
