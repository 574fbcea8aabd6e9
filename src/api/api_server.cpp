#include "api/api_server.h"

#include <algorithm>
#include <iterator>

#include "api/client_address.h"
#include "api/dispatch.h"
#include "api/events.h"
#include "api/idempotent.h"
#include "api/rate_gate.h"
#include "api/routes.h"
#include "api/secret_text.h"
#include "api/sign_in.h"

namespace tocsin {
namespace {

Respond with_headers(std::vector<NamedValue> headers, const Respond& respond) {
  if (headers.empty()) {
    return respond;
  }
  return [headers = std::move(headers), respond](ApiResponse response) {
    std::ranges::copy(headers, std::back_inserter(response.headers));
    respond(std::move(response));
  };
}

// "/tocsin" of "https://status.example.com/tocsin"; a proxy takes it off what it sends us, so what
// we say of our own paths needs it again.
std::string path_of(std::string_view public_url) {
  const size_t scheme = public_url.find("://");
  const size_t path = scheme == std::string_view::npos ? scheme : public_url.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string() : std::string(public_url.substr(path));
}

Respond below_path(const std::string& path, const Respond& respond) {
  if (path.empty()) {
    return respond;
  }
  return [path, respond](ApiResponse response) {
    for (auto& [name, value] : response.headers) {
      if (name == "Location" && value.starts_with('/')) {
        value.insert(0, path);
      }
    }
    respond(std::move(response));
  };
}

}  // namespace

class ApiServer::Impl {
 public:
  Impl(std::unique_ptr<HttpServer> http, const Clock& clock)
      : feed_(clock,
              [this, &loop = http->mailbox()] {
                loop.post([this] {
                  if (context_) {
                    context_->events->wake_all();
                  }
                });
              }),
        http_(std::move(http)) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start(ApiServices services) {
    services_ = std::make_unique<ApiServices>(std::move(services));
    base_path_ = path_of(services_->public_url);
    context_ =
        std::make_unique<ApiContext>(*services_, http_->mailbox(), services_->clock.system_now());
    context_->events = make_event_desk(*context_, feed_);
    if (auto loaded = load_accounts(); !loaded) {
      return loaded;
    }
    if (auto opened = open_setup(); !opened) {
      return opened;
    }
    http_->serve([this](ApiRequest request, const Respond& answer) {
      request.peer = client_address(request, services_->trusted_proxies);
      auto admitted = admit(
          routes_, context_->tokens,
          {.now = services_->clock.system_now(), .public_url = services_->public_url}, request);
      keep_used_sessions();
      RateVerdict rate = take_request(context_->limiter, request, services_->clock.steady_now());
      const Respond respond = below_path(base_path_, with_headers(std::move(rate.headers), answer));
      if (rate.refusal) {
        respond(problem_response(*rate.refusal, request.request_id));
        return;
      }
      if (auto* refusal = std::get_if<ApiResponse>(&admitted)) {
        respond(std::move(*refusal));
        return;
      }
      run_once(*context_, *std::get<const Route*>(admitted), request, respond);
    });
    return {};
  }

  // Hashes under way end first: they answer through the server.
  void stop() {
    if (context_) {
      context_->accounts.worker.stop();
    }
    http_->stop();
  }

  HttpServer& http() { return *http_; }
  Feed& feed() { return feed_; }
  [[nodiscard]] const std::string& setup_link() const { return setup_link_; }

 private:
  // With a reader of this thread; the context's own belongs to the API's.
  Result<void> load_accounts() {
    const auto reader = services_->store.reader();
    if (!reader) {
      return std::unexpected(reader.error());
    }
    const auto tokens = (*reader)->tokens();
    const auto users = (*reader)->users();
    const auto sessions = (*reader)->sessions();
    if (!tokens || !users || !sessions) {
      return std::unexpected(!tokens ? tokens.error() : !users ? users.error() : sessions.error());
    }
    context_->tokens.set_tokens(*tokens);
    context_->accounts.load(*users);
    context_->tokens.sessions().load(*sessions);
    return {};
  }

  Result<void> open_setup() {
    if (!context_->accounts.empty()) {
      return {};
    }
    auto token = make_secret_text();
    if (!token) {
      return std::unexpected(token.error());
    }
    SetupGate& gate = context_->accounts.setup;
    gate.open(std::move(*token));
    setup_link_ = gate.link(services_->public_url);
    return {};
  }

  // When the loop is too busy to take them, they are lost: a session then ends an hour early.
  void keep_used_sessions() {
    const auto used = context_->tokens.sessions().take_used();
    if (!used.empty()) {
      keep_accounts(*context_, {"", [](const ApiResponse&) {}}, {.users = {}, .sessions = used},
                    [](const Result<void>&) {});
    }
  }

  const std::vector<Route> routes_ = api_routes();
  ChangeFeed feed_;
  std::string setup_link_;
  std::string base_path_;  // of public_url; without a slash at its end
  std::unique_ptr<ApiServices> services_;
  std::unique_ptr<ApiContext> context_;
  std::unique_ptr<HttpServer> http_;  // last: its thread uses all of the above
};

Result<std::unique_ptr<ApiServer>> ApiServer::open(const HttpSettings& settings,
                                                   const Clock& clock) {
  auto http = HttpServer::open(settings, clock);
  if (!http) {
    return std::unexpected(http.error());
  }
  return std::make_unique<ApiServer>(std::make_unique<Impl>(std::move(*http), clock));
}

ApiServer::ApiServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ApiServer::~ApiServer() = default;

Result<void> ApiServer::start(ApiServices services) { return impl_->start(std::move(services)); }
const std::vector<SocketAddress>& ApiServer::addresses() const { return impl_->http().addresses(); }
Feed& ApiServer::feed() { return impl_->feed(); }
const std::string& ApiServer::setup_link() const { return impl_->setup_link(); }
void ApiServer::stop() { impl_->stop(); }

}  // namespace tocsin
