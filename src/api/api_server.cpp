#include "api/api_server.h"

#include "api/dispatch.h"
#include "api/routes.h"

namespace tocsin {

class ApiServer::Impl {
 public:
  explicit Impl(std::unique_ptr<HttpServer> http) : http_(std::move(http)) {}

  Result<void> start(ApiServices services) {
    services_ = std::make_unique<ApiServices>(std::move(services));
    context_ =
        std::make_unique<ApiContext>(*services_, http_->mailbox(), services_->clock.system_now());
    if (auto loaded = load_tokens(); !loaded) {
      return loaded;
    }
    http_->serve([this](ApiRequest request, const Respond& respond) {
      auto admitted = admit(routes_, context_->tokens, request);
      if (auto* refusal = std::get_if<ApiResponse>(&admitted)) {
        respond(std::move(*refusal));
        return;
      }
      std::get<const Route*>(admitted)->handler()(*context_, request, respond);
    });
    return {};
  }

  HttpServer& http() { return *http_; }

 private:
  // With a reader of this thread; the context's own belongs to the API's.
  Result<void> load_tokens() {
    const auto reader = services_->store.reader();
    if (!reader) {
      return std::unexpected(reader.error());
    }
    const auto rows = (*reader)->tokens();
    if (!rows) {
      return std::unexpected(rows.error());
    }
    context_->tokens.set_tokens(*rows);
    return {};
  }

  const std::vector<Route> routes_ = api_routes();
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
  return std::make_unique<ApiServer>(std::make_unique<Impl>(std::move(*http)));
}

ApiServer::ApiServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ApiServer::~ApiServer() = default;

Result<void> ApiServer::start(ApiServices services) { return impl_->start(std::move(services)); }
const std::vector<SocketAddress>& ApiServer::addresses() const { return impl_->http().addresses(); }
void ApiServer::stop() { impl_->http().stop(); }

}  // namespace tocsin
