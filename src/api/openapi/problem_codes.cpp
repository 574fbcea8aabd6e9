#include "api/openapi/problem_codes.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace tocsin {
namespace {

constexpr std::array kCodes = {
    ProblemCode{400, "bad_request", "The request is no proper HTTP."},
    ProblemCode{400, "bad_request_target", "The path or query cannot be read."},
    ProblemCode{400, "invalid_json", "The body is no JSON, or is larger or deeper than allowed."},
    ProblemCode{401, "unauthorized", "Credentials are missing or no good."},
    ProblemCode{401, "bad_login", "There is no such user, or the password is another one."},
    ProblemCode{403, "forbidden", "The caller may not do this."},
    ProblemCode{403, "csrf", "A session needs the header X-CSRF-Token."},
    ProblemCode{403, "origin", "The request comes from a page of another site."},
    ProblemCode{403, "bad_setup_token", "It is not the set-up token of this start."},
    ProblemCode{403, "bad_password", "The current password is another one."},
    ProblemCode{404, "not_found", "There is nothing of this name."},
    ProblemCode{405, "method_not_allowed", "The path takes other methods; see Allow."},
    ProblemCode{408, "request_timeout", "The request did not arrive in time."},
    ProblemCode{409, "conflict", "The state of things forbids it; the detail says which."},
    ProblemCode{409, "still_running",
                "The first request with this Idempotency-Key is not answered yet."},
    ProblemCode{409, "id_taken", "Something has this id already."},
    ProblemCode{409, "owned_by_project",
                "It belongs to a project's files, which the detail names."},
    ProblemCode{409, "operator_only", "Only the operator of this machine can do it."},
    ProblemCode{409, "setup_closed", "There is a user already."},
    ProblemCode{409, "no_pages", "This server was built without its web pages."},
    ProblemCode{409, "too_many_channels", "There are as many channels as there may be."},
    ProblemCode{409, "in_use", "Monitors name it."},
    ProblemCode{409, "notices_waiting", "Notices wait for it; give_up_waiting gives them up."},
    ProblemCode{412, "revision_differs", "If-Match names another revision than the one of now."},
    ProblemCode{413, "too_large", "The body, or what it would make, is too large."},
    ProblemCode{414, "target_too_long", "Path and query are too long."},
    ProblemCode{415, "unsupported_media_type", "The body must be application/json."},
    ProblemCode{422, "validation_failed", "The request was understood and is wrong; see errors."},
    ProblemCode{422, "idempotency_key_reused", "This Idempotency-Key came with another request."},
    ProblemCode{422, "config_invalid", "The configuration files have mistakes; see errors."},
    ProblemCode{429, "too_many_requests",
                "More requests than this server takes of one credential; see Retry-After."},
    ProblemCode{429, "too_many_attempts", "Too many wrong passwords; see Retry-After."},
    ProblemCode{429, "too_many_probes", "As many probes as allowed are running."},
    ProblemCode{429, "too_many_tests", "A test of this caller is under way."},
    ProblemCode{500, "io", "The disk failed."},
    ProblemCode{500, "corrupt", "The store is damaged."},
    ProblemCode{500, "newer_version", "The store is of a newer version."},
    ProblemCode{500, "internal", "A mistake of ours."},
    ProblemCode{503, "busy", "Too much at once; see Retry-After."},
    ProblemCode{503, "unavailable", "The server is starting, stopping or full; see Retry-After."},
    ProblemCode{507, "disk_full", "The disk is full."},
};

bool is_safe(const Route& route) { return route.method() == "GET"; }

std::vector<std::string_view> usual_codes(const Route& route, const Operation& operation) {
  std::vector<std::string_view> codes = {
      "bad_request",      "bad_request_target", "unauthorized", "too_large", "io",
      "corrupt",          "newer_version",      "internal",     "busy",      "unavailable",
      "too_many_requests"};
  const auto add = [&codes](bool when, std::initializer_list<std::string_view> more) {
    if (when) {
      codes.insert(codes.end(), more);
    }
  };
  add(!route.takes_any_query(), {"validation_failed"});
  add(!operation.body.empty(), {"invalid_json", "unsupported_media_type"});
  add(route.needs() > Scope::read, {"forbidden"});
  add(!is_safe(route), {"csrf", "origin"});
  add(route.method() == "POST", {"still_running", "idempotency_key_reused"});
  return codes;
}

}  // namespace

std::span<const ProblemCode> problem_codes() { return kCodes; }

std::vector<ProblemCode> problems_of(const Route& route, const Operation& operation) {
  std::vector<std::string_view> codes = usual_codes(route, operation);
  codes.insert(codes.end(), operation.problems.begin(), operation.problems.end());
  for (const std::string_view code : operation.problems) {
    CHECK(std::ranges::find(kCodes, code, &ProblemCode::code) != kCodes.end(),
          "a route's problems are in the table");
  }
  std::vector<ProblemCode> problems;
  for (const ProblemCode& known : kCodes) {
    if (std::ranges::find(codes, known.code) != codes.end()) {
      problems.push_back(known);
    }
  }
  return problems;
}

std::vector<ProblemCode> problems_of_any_path() {
  std::vector<ProblemCode> problems;
  std::ranges::copy_if(kCodes, std::back_inserter(problems), [](const ProblemCode& known) {
    return known.status == 405 || known.status == 408 || known.status == 414;
  });
  return problems;
}

}  // namespace tocsin
