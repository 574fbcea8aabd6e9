// tocsin-demo: small services on loopback ports that answer, lag, refuse and come and go, for a
// first look at Tocsin. One thread, one poll loop. It ends with its parent, so nothing stays
// behind.
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <list>
#include <map>

#include "certificate.h"
#include "connection.h"
#include "demo_config.h"
#include "listener.h"

namespace tocsin::demo {
namespace {

constexpr size_t kConnectionsMax = 200;
constexpr Duration kFlapLook = 200ms;  // how exactly a flapping service keeps its times
constexpr const char* kUsage =
    "Serve demonstration services on loopback ports and write a configuration that watches "
    "them.\n\n"
    "USAGE\n  tocsin-demo --config FILE [--certificate FILE] [--base-port PORT]\n\n"
    "FLAGS\n"
    "  --config FILE       where the configuration is written\n"
    "  --certificate FILE  where the certificate of the TLS service is written (FILE.pem)\n"
    "  --base-port PORT    first of six ports in a row (free ones)\n";

SteadyTime now() {
  return SteadyTime(
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

struct Options {
  std::filesystem::path config, certificate;
  uint16_t base_port = 0;
};

std::optional<Options> read_options(int count, char** words) {
  std::map<std::string, std::string> given;
  for (int index = 1; index + 1 < count; index += 2) {
    given[words[index]] = words[index + 1];
  }
  Options options{.config = given["--config"], .certificate = given["--certificate"]};
  const std::string port = given["--base-port"];
  const auto read = std::from_chars(port.data(), port.data() + port.size(), options.base_port);
  const bool port_fits = port.empty() || (read.ec == std::errc() && options.base_port <= 65000);
  if (count % 2 == 0 || options.config.empty() || !port_fits || given.size() > 3) {
    return std::nullopt;
  }
  if (options.certificate.empty()) {
    options.certificate = options.config.string() + ".pem";
  }
  return options;
}

class Demo {
 public:
  Demo(std::vector<Service> services, std::vector<Listener> listeners, TlsContext context)
      : services_(std::move(services)),
        listeners_(std::move(listeners)),
        context_(std::move(context)) {}

  void run(int signals) {
    const SteadyTime start = now();
    while (true) {
      for (size_t index = 0; index < services_.size(); ++index) {
        listeners_[index].set_listening(listens_at(services_[index].behaviour, now() - start));
      }
      if (wait(signals)) {
        return;
      }
      serve();
    }
  }

 private:
  struct Client {
    Connection connection;
    bool ready = false;
  };

  // True when a signal ends the program.
  bool wait(int signals) {
    std::vector<pollfd> polled = {{.fd = signals, .events = POLLIN, .revents = 0}};
    for (const Listener& listener : listeners_) {
      polled.push_back(
          {.fd = listener.is_listening() ? listener.fd() : -1, .events = POLLIN, .revents = 0});
    }
    SteadyTime wake = now() + kFlapLook;
    for (const Client& client : clients_) {
      polled.push_back({.fd = client.connection.fd(),
                        .events = client.connection.wanted_events(),
                        .revents = 0});
      wake = std::min(wake, client.connection.wake_at());
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wake - now()).count();
    ::poll(polled.data(), polled.size(), static_cast<int>(std::max<int64_t>(left, 0)));
    auto state = polled.begin() + 1 + static_cast<std::ptrdiff_t>(listeners_.size());
    for (Client& client : clients_) {
      client.ready = (state++)->revents != 0 || now() >= client.connection.wake_at();
    }
    return (polled.front().revents & POLLIN) != 0;
  }

  void serve() {
    std::erase_if(clients_,
                  [](Client& client) { return client.ready && !client.connection.go_on(now()); });
    for (size_t index = 0; index < services_.size(); ++index) {
      while (listeners_[index].is_listening() && clients_.size() < kConnectionsMax) {
        auto fd = listeners_[index].accept();
        if (!fd) {
          break;
        }
        const Behaviour behaviour = services_[index].behaviour;
        SSL_CTX* const context = behaviour == Behaviour::tls ? context_.get() : nullptr;
        clients_.push_back({Connection(std::move(*fd), behaviour, context, now())});
        if (!clients_.back().connection.go_on(now())) {
          clients_.pop_back();
        }
      }
    }
  }

  std::vector<Service> services_;
  std::vector<Listener> listeners_;
  TlsContext context_;
  std::list<Client> clients_;
};

UniqueFd catch_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  sigprocmask(SIG_BLOCK, &wanted, nullptr);
  static_cast<void>(::signal(SIGPIPE, SIG_IGN));
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  return UniqueFd(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
}

// The configuration appears whole: whoever waits for it never reads a half.
bool write_whole(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path draft = path.string() + ".new";
  {
    std::ofstream file(draft, std::ios::trunc);
    file << text;
    file.flush();
    if (!file) {
      return false;
    }
  }
  std::error_code error;
  std::filesystem::rename(draft, path, error);
  return !error;
}

int complain(const std::string& text) {
  std::cerr << "tocsin-demo: " << text << "\n";
  return 1;
}

int run(const Options& options) {
  const UniqueFd signals = catch_signals();
  auto context = make_certificate(options.certificate);
  if (!context) {
    return complain(context.error().message);
  }
  std::vector<Service> services = demo_services();
  std::vector<Listener> listeners;
  for (size_t index = 0; index < services.size(); ++index) {
    auto listener = Listener::bind(
        options.base_port == 0 ? uint16_t{0} : static_cast<uint16_t>(options.base_port + index));
    if (!listener) {
      return complain(listener.error().message);
    }
    services[index].port = listener->port();
    listener->set_listening(listens_at(services[index].behaviour, Duration{}));
    listeners.push_back(std::move(*listener));
  }
  const auto certificate = std::filesystem::absolute(options.certificate);
  if (!write_whole(options.config, demo_config(services, certificate))) {
    return complain(options.config.string() + " cannot be written");
  }
  for (const Service& service : services) {
    std::cout << "127.0.0.1:" << service.port << "  " << service.name << "\n";
  }
  std::cout.flush();
  Demo(std::move(services), std::move(listeners), std::move(*context)).run(signals.get());
  return 0;
}

}  // namespace
}  // namespace tocsin::demo

int main(int count, char** words) {
  if (count == 2 &&
      (std::string_view(words[1]) == "--help" || std::string_view(words[1]) == "-h")) {
    std::cout << tocsin::demo::kUsage;
    return 0;
  }
  const auto options = tocsin::demo::read_options(count, words);
  if (!options) {
    std::cerr << tocsin::demo::kUsage;
    return 2;
  }
  return tocsin::demo::run(*options);
}
