#include "api/router.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "api/url.h"
#include "base/bytes.h"
#include "base/check.h"

namespace tocsin {
namespace {

bool is_capture(std::string_view part) { return part.starts_with('{'); }

Problem method_not_allowed(const std::vector<std::string_view>& allowed) {
  return {.status = 405,
          .code = "method_not_allowed",
          .detail = fmt::format("This path takes {}.", fmt::join(allowed, ", ")),
          .headers = {{"Allow", fmt::format("{}", fmt::join(allowed, ", "))}}};
}

}  // namespace

Route::Route(std::string_view verb, std::string_view path, Scope least,
             std::vector<std::string_view> parameters, Handler run)
    : method_(verb),
      pattern_(path),
      needs_(least),
      query_names_(std::move(parameters)),
      takes_any_query_(query_names_ == std::vector{kAnyQuery}),
      handler_(run) {
  if (takes_any_query_) {
    query_names_.clear();
  }
  CHECK(path.starts_with('/') && run != nullptr, "a route needs a path and a handler");
  std::string_view rest = path.substr(1);
  while (!rest.empty()) {
    const size_t slash = rest.find('/');
    parts_.push_back(rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
}

bool Route::matches(std::span<const std::string> segments,
                    std::vector<std::string>& captures) const {
  if (segments.size() != parts_.size()) {
    return false;
  }
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (is_capture(parts_[i]) ? segments[i].empty() : segments[i] != parts_[i]) {
      return false;
    }
  }
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (is_capture(parts_[i])) {
      captures.push_back(segments[i]);
    }
  }
  return true;
}

std::variant<const Route*, Problem> find_route(std::span<const Route> routes, ApiRequest& request) {
  auto parts = read_target(request.target);
  if (!parts) {
    return parts.error();
  }
  request.segments = std::move(parts->segments);
  request.query = std::move(parts->query);
  const std::string_view sent = request.method;
  const std::string_view method = sent == "HEAD" ? "GET" : sent;
  std::vector<std::string_view> allowed;
  for (const Route& route : routes) {
    std::vector<std::string> captures;
    if (!route.matches(request.segments, captures)) {
      continue;
    }
    if (route.method() == method) {
      request.captures = std::move(captures);
      return &route;
    }
    allowed.push_back(route.method());
    if (route.method() == "GET") {
      allowed.emplace_back("HEAD");
    }
  }
  if (!allowed.empty()) {
    return method_not_allowed(allowed);
  }
  return not_found("There is nothing at this path. The API begins at /api/v1.");
}

std::optional<Problem> refuse_scope(const Route& route, const Caller& caller) {
  if (caller.scope >= route.needs()) {
    return std::nullopt;
  }
  if (caller.scope == Scope::none) {
    return Problem{.status = 401,
                   .code = "unauthorized",
                   .detail =
                       "This needs a token, in the header \"Authorization: Bearer tocsin_...\", or "
                       "somebody who is signed in.",
                   .headers = {{"WWW-Authenticate", "Bearer realm=\"tocsin\""}}};
  }
  return Problem{
      .status = 403,
      .code = "forbidden",
      .detail = fmt::format("This needs a token with scope {}; this one has {}.",
                            scope_name(route.needs()), scope_name(caller.scope)),
      .headers = {
          {"WWW-Authenticate",
           fmt::format("Bearer realm=\"tocsin\", error=\"insufficient_scope\", scope=\"{}\"",
                       scope_name(route.needs()))}}};
}

std::optional<Problem> refuse_query(const Route& route, const ApiRequest& request) {
  if (route.takes_any_query()) {
    return std::nullopt;
  }
  std::vector<FieldProblem> errors;
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(route.query_names(), name) != route.query_names().end()) {
      continue;
    }
    const std::string nearest = nearest_name(name, route.query_names());
    errors.push_back({.pointer = "?" + name,
                      .code = "unknown_parameter",
                      .message = fmt::format("There is no query parameter \"{}\" here.",
                                             escape_for_display(name, 60)),
                      .hint = nearest.empty() ? "" : fmt::format("Did you mean \"{}\"?", nearest)});
  }
  if (errors.empty()) {
    return std::nullopt;
  }
  return validation_failed(std::move(errors));
}

}  // namespace tocsin
