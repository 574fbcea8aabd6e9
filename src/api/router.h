// Router: finds the route of a request in a table of {method, path pattern, needed scope, query
// names, handler}. A route without a needed scope cannot be written down. The one table of the
// product is in routes.cpp.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/message.h"
#include "api/problem.h"

namespace tocsin {

struct ApiContext;  // services.h

// As the one query name of a route: it passes over whatever it is asked with. For what people open
// in a browser, where a link from a mail or a search engine carries names of its own.
inline constexpr std::string_view kAnyQuery = "*";

// Called on the API's thread; must not block longer than one read of the store takes.
using Handler = void (*)(ApiContext& api, const ApiRequest& request, const Respond& respond);

class Route {
 public:
  // `path`: "/api/v1/monitors/{id}/results"; a part in braces matches any one non-empty segment.
  // `least` none: open to all.
  Route(std::string_view verb, std::string_view path, Scope least,
        std::vector<std::string_view> parameters, Handler run);

  [[nodiscard]] std::string_view method() const { return method_; }
  [[nodiscard]] std::string_view pattern() const { return pattern_; }
  [[nodiscard]] Scope needs() const { return needs_; }
  [[nodiscard]] Handler handler() const { return handler_; }
  [[nodiscard]] const std::vector<std::string_view>& query_names() const { return query_names_; }
  [[nodiscard]] bool takes_any_query() const { return takes_any_query_; }
  // Appends what the braces matched.
  bool matches(std::span<const std::string> segments, std::vector<std::string>& captures) const;

 private:
  std::string_view method_;
  std::string_view pattern_;
  std::vector<std::string_view> parts_;
  Scope needs_;
  std::vector<std::string_view> query_names_;  // empty when any are taken
  bool takes_any_query_;
  Handler handler_;
};

// Fills request.segments, .query and .captures and gives the route; or the problem: 400 of the
// target, 404, 405 with Allow. HEAD is served as GET.
std::variant<const Route*, Problem> find_route(std::span<const Route> routes, ApiRequest& request);

// Nothing when the caller may; else the 401 or 403.
std::optional<Problem> refuse_scope(const Route& route, const Caller& caller);

// Nothing when the route knows every query parameter; else a 422 with the nearest names. Asked
// after the scope.
std::optional<Problem> refuse_query(const Route& route, const ApiRequest& request);

}  // namespace tocsin
