// Order of life: configuration, lock, ports of the API, store, engine, API, "listening", loop. At
// the end the other way round: the API answers what is under way while the loop still runs; then
// the loop ends, the store is closed, and last the lock is freed.
#include "serve.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <thread>
#include <utility>

#include "api/api_server.h"
#include "api/pages.h"
#include "config_log.h"
#include "data_directory.h"
#include "engine/canary_ports.h"
#include "engine/system_ports.h"
#include "journal_stream.h"
#include "known_channels.h"
#include "log.h"
#include "notify/curl_sender.h"
#include "notify_systemd.h"
#include "probe/evidence_gatherer.h"
#include "probe/local_ports.h"
#include "probe/probe_io_choice.h"
#include "probe/prober.h"
#include "probe/resolver_pool.h"
#include "promptness.h"
#include "reloader.h"
#include "signals.h"
#include "store/sqlite_store.h"
#include "watchdog.h"

namespace tocsin {
namespace {

using cli::ExitCode;
using cli::ServeOptions;

// For the store, the API and notices.
constexpr size_t kDescriptorsReserved = 256;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// Half of the cores leave the other half to the loop and the store; four do some 10,000 handshakes
// a second.
size_t crypto_threads() { return std::clamp(std::thread::hardware_concurrency() / 2, 1U, 4U); }

Result<std::vector<Cidr>> blocks_of(const std::vector<std::string>& texts) {
  std::vector<Cidr> blocks;
  for (const std::string& text : texts) {
    const Result<Cidr> block = Cidr::parse(text);
    if (!block) {
      return std::unexpected(block.error());
    }
    blocks.push_back(*block);
  }
  return blocks;
}

// Every part of one server, declared in the order in which each needs the ones before it.
class Server {
 public:
  Server(const ServeOptions& options, Config config, const Log& log,
         const cli::Environment& environment)
      : options_(options), config_(std::move(config)), log_(log), environment_(environment) {}

  Result<void> open() {
    for (const auto step : {&Server::open_doors, &Server::open_store, &Server::open_network,
                            &Server::open_engine, &Server::open_api}) {
      if (Result<void> done = (this->*step)(); !done) {
        return done;
      }
    }
    return {};
  }

  void run() {
    for (const SocketAddress& address : api_->addresses()) {
      if (!address.is_unix()) {
        std::cout << "listening on http://" << address.text() << std::endl;
      }
    }
    tell_of_setup();
    notify_systemd(notify_socket_, "READY=1");
    const std::unique_ptr<Watchdog> watchdog = make_watchdog();
    if (!is_realtime_) {
      prefer_promptness();  // the other threads run already, and are not
    }
    engine_->run();
    mailbox_->close();
  }

  // After run(), or after an open() that failed half-way.
  void close() {
    if (stopper_.joinable()) {
      stopper_.join();
    }
    if (api_) {
      api_->stop();
    }
    reloader_.reset();
    if (store_) {
      store_->close();
    }
  }

 private:
  Result<void> open_doors() {
    auto lock = StoreLock::acquire(options_.data);
    if (!lock) {
      return std::unexpected(lock.error());
    }
    lock_ = std::move(*lock);
    if (const auto mode = mode_open_to_others(options_.data)) {
      log_.warning("other users may write the data directory",
                   {{"mode", *mode}, {"run", "chmod go-w " + options_.data.string()}});
    }
    auto proxies = blocks_of(config_.server.trusted_proxies);
    if (!proxies) {
      return std::unexpected(proxies.error());
    }
    trusted_proxies_ = std::move(*proxies);
    auto api = ApiServer::open(HttpSettings{.listen = options_.listen,
                                            .local_socket = options_.data / "tocsin.sock",
                                            .trusted_proxies = trusted_proxies_},
                               clock_);
    if (!api) {
      return std::unexpected(api.error());
    }
    api_ = std::move(*api);
    return {};
  }

  Result<void> open_store() {
    auto chosen =
        make_probe_io(clock_, ProberSettings{}.slots_max + kEvidenceBundlesMax * kEvidenceSlots,
                      kDescriptorsReserved, config_.server.io);
    if (!chosen) {
      return std::unexpected(chosen.error());
    }
    io_ = std::move(chosen->io);
    backend_ = chosen->backend;
    tell_of_backend(*chosen);
    mailbox_ = std::make_unique<LoopMailbox>(*io_);
    auto store = open_sqlite_store(SqliteSettings{.dir = options_.data,
                                                  .retention = config_.server.retention,
                                                  .forget_lost_secrets = options_.forget_secrets},
                                   clock_, *mailbox_);
    if (!store) {
      return std::unexpected(store.error());
    }
    store_ = std::move(*store);
    return {};
  }

  Result<void> open_network() {
    const ServerSettings& settings = config_.server;
    auto resolver = make_resolver_pool(
        *io_, clock_,
        ResolverSettings{
            .servers = settings.dns_servers,
            .canary = settings.dns_canary.empty() ? host_name() : settings.dns_canary});
    if (!resolver) {
      return std::unexpected(resolver.error());
    }
    resolver_ = std::move(*resolver);
    auto allowed = blocks_of(settings.reach_allow);
    if (!allowed) {
      return std::unexpected(allowed.error());
    }
    reach_ = ReachPolicy(std::move(*allowed));
    auto sender = make_curl_sender(*mailbox_, reach_);
    if (!sender) {
      return std::unexpected(sender.error());
    }
    sender_ = std::move(*sender);
    return {};
  }

  Result<void> open_engine() {
    engine_ = std::make_unique<Engine>(EnginePorts{.clock = clock_,
                                                   .random = random_,
                                                   .io = *io_,
                                                   .resolver = *resolver_,
                                                   .sender = *sender_,
                                                   .store = *store_,
                                                   .journal = log_,
                                                   .mailbox = *mailbox_,
                                                   .feed = &api_->feed(),
                                                   .crypto_threads = crypto_threads(),
                                                   .sources = config_.server.sources,
                                                   .canaries = open_canaries(),
                                                   .local_ports = read_local_ports()},
                                       reach_, public_url());
    Config config = std::exchange(config_, Config{.server = config_.server});
    if (Result<void> started = engine_->start(std::move(config)); !started) {
      return started;
    }
    reloader_ =
        std::make_unique<Reloader>(options_.config, options_.data, config_.server, *engine_, log_);
    auto signals = SignalEvents::watch(*io_, [this](int number) { on_signal(number); });
    if (!signals) {
      return std::unexpected(signals.error());
    }
    signals_.emplace(std::move(*signals));
    return {};
  }

  // Without them every failure is believed, as far as our own times can tell.
  CanaryAddresses open_canaries() {
    Result<CanaryPorts> opened = CanaryPorts::open();
    if (!opened) {
      log_.warning("no port of our own to compare with", {{"why", opened.error().message}});
      return {};
    }
    canaries_ = std::move(*opened);
    return canaries_.addresses();
  }

  // This is the thread of the loop; those that are started from here on are none of that kind.
  void ask_for_realtime() {
    if (!config_.server.realtime) {
      return;
    }
    const std::string why_not = prefer_realtime();
    is_realtime_ = why_not.empty();
    if (is_realtime_) {
      log_.info("the loop has real-time priority");
    } else {
      log_.warning("real-time priority is not permitted; CAP_SYS_NICE or LimitRTPRIO= gives it",
                   {{"why", why_not}});
    }
  }

  Result<void> open_api() {
    ask_for_realtime();
    return api_->start(
        ApiServices{.engine = *engine_,
                    .store = *store_,
                    .clock = clock_,
                    .version = TOCSIN_VERSION,
                    .public_url = public_url(),
                    .reload = [this](Reloader::Done done) { reloader_->request(std::move(done)); },
                    .about = {.store_file = options_.data / "tocsin.db",
                              .config_files = config_files(),
                              .retention = config_.server.retention,
                              .io = backend_,
                              .realtime = is_realtime_},
                    .rate_limit = config_.server.rate_limit,
                    .trusted_proxies = trusted_proxies_,
                    .has_pages = !embedded_pages().empty()});
  }

  void tell_of_backend(const ChosenIo& chosen) const {
    if (chosen.why_not.empty()) {
      log_.info(fmt::format("probes use {}", io_backend_name(chosen.backend)));
    } else if (config_.server.io == IoBackend::io_uring) {
      log_.warning("io_uring cannot be used, epoll carries the probes", {{"why", chosen.why_not}});
    } else {
      log_.info("probes use epoll, as io_uring cannot be used", {{"why", chosen.why_not}});
    }
  }

  // On the terminal of who started this, and in no log: whoever has the link owns the server.
  void tell_of_setup() const {
    if (api_->setup_link().empty()) {
      return;
    }
    const bool has_pages = !embedded_pages().empty();
    const std::string data = options_.data.string();
    if (is_journal_stream(STDOUT_FILENO, environment_("JOURNAL_STREAM"))) {
      log_.info("nobody can sign in yet",
                {{"run", has_pages ? "sudo tocsin setup-link --data " + data
                                   : "sudo tocsin user create NAME --data " + data}});
      return;
    }
    const std::string& link = api_->setup_link();
    if (has_pages) {
      std::cout << "set up: " << link << std::endl;
      return;
    }
    // A link into pages would lead nowhere.
    std::cout << "first user: tocsin user create NAME --data " << data << "\n"
              << "set up: POST " << public_url() << "/api/v1/setup with setup_token "
              << link.substr(link.rfind('/') + 1) << std::endl;
  }

  // Nothing when no supervisor waits for signs of life.
  [[nodiscard]] std::unique_ptr<Watchdog> make_watchdog() const {
    const auto limit =
        watchdog_limit(environment_("WATCHDOG_USEC"), environment_("WATCHDOG_PID"), ::getpid());
    if (!limit) {
      return nullptr;
    }
    return std::make_unique<Watchdog>(
        *limit, [this](std::function<void()> work) { mailbox_->post(std::move(work)); },
        [this] { notify_systemd(notify_socket_, "WATCHDOG=1"); });
  }

  [[nodiscard]] std::vector<std::string> config_files() const {
    std::vector<std::string> files;
    files.reserve(options_.config.size());
    for (const std::filesystem::path& path : options_.config) {
      files.push_back(path.string());
    }
    return files;
  }

  [[nodiscard]] std::string public_url() const {
    if (!options_.public_url.empty()) {
      return options_.public_url;
    }
    if (!config_.server.public_url.empty()) {
      return config_.server.public_url.substr(0,
                                              config_.server.public_url.find_last_not_of('/') + 1);
    }
    return "http://" + api_->addresses().front().text();
  }

  void on_signal(int number) {
    if (number == SIGHUP) {
      log_.info("reload asked for by signal");
      reloader_->request([](const ReloadAnswer&) {});
      return;
    }
    if (stopper_.joinable()) {
      // Whoever asks twice means now. What was acknowledged is on the disk.
      log_.warning("second signal, ending at once");
      ::_exit(static_cast<int>(ExitCode::failed));
    }
    log_.info("stopping", {{"signal", number == SIGINT ? "SIGINT" : "SIGTERM"}});
    notify_systemd(notify_socket_, "STOPPING=1");
    // The API waits for answers of the loop, so the loop cannot be the one that waits for the API.
    stopper_ = std::thread([this] {
      api_->stop();
      engine_->mailbox().post([this] { engine_->stop(); });
    });
  }

  const ServeOptions& options_;
  Config config_;  // its settings; all else is the engine's once that has started
  const Log& log_;
  const cli::Environment& environment_;
  std::optional<std::string> notify_socket_ = environment_("NOTIFY_SOCKET");
  const SystemClock clock_;
  SystemRandom random_;
  ReachPolicy reach_;
  std::vector<Cidr> trusted_proxies_;
  std::unique_ptr<StoreLock> lock_;
  std::unique_ptr<ProbeIo> io_;
  IoBackend backend_ = IoBackend::epoll;
  CanaryPorts canaries_;
  bool is_realtime_ = false;
  std::unique_ptr<LoopMailbox> mailbox_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<Sender> sender_;
  std::unique_ptr<ApiServer> api_;  // lives longer than the engine's loop, see its header
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Reloader> reloader_;
  std::optional<SignalEvents> signals_;
  std::thread stopper_;
};

std::optional<Config> read_configuration(const ServeOptions& options, const Log& log) {
  ConfigReading reading =
      read_config_paths(options.config, process_references(), known_channels(options.data, log));
  if (reading.config) {
    log_problems(log, reading.problems);
    return std::move(reading.config);
  }
  for (const ConfigProblem& problem : reading.problems) {
    std::cerr << problem_text(problem) << (problem_text(problem).ends_with('\n') ? "" : "\n");
  }
  std::cerr << "tocsin serve: the configuration is invalid; nothing was started\n";
  return std::nullopt;
}

}  // namespace

ExitCode run_serve(const ServeOptions& options, const cli::Environment& environment) {
  block_signals();
  const Log log(options.json_log);
  std::optional<Config> config = read_configuration(options, log);
  if (!config) {
    return ExitCode::config_invalid;
  }
  const size_t monitors = config->monitors.size();
  Server server(options, std::move(*config), log, environment);
  if (const Result<void> opened = server.open(); !opened) {
    std::cerr << "tocsin serve: " << opened.error().message << "\n";
    server.close();
    return ExitCode::failed;
  }
  log.info("started", {{"version", TOCSIN_VERSION},
                       {"monitors", fmt::to_string(monitors)},
                       {"data", options.data.string()}});
  server.run();
  server.close();
  log.info("stopped");
  return ExitCode::ok;
}

}  // namespace tocsin
