#include "api/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/json_writer.h"
#include "base/bytes.h"

namespace tocsin {
namespace {

struct StatusTitle {
  int status;
  std::string_view title;
};
constexpr std::array kTitles = {
    StatusTitle{200, "OK"},
    StatusTitle{201, "Created"},
    StatusTitle{202, "Accepted"},
    StatusTitle{204, "No Content"},
    StatusTitle{302, "Found"},
    StatusTitle{304, "Not Modified"},
    StatusTitle{400, "Bad Request"},
    StatusTitle{401, "Unauthorized"},
    StatusTitle{403, "Forbidden"},
    StatusTitle{404, "Not Found"},
    StatusTitle{405, "Method Not Allowed"},
    StatusTitle{408, "Request Timeout"},
    StatusTitle{409, "Conflict"},
    StatusTitle{412, "Precondition Failed"},
    StatusTitle{413, "Content Too Large"},
    StatusTitle{414, "URI Too Long"},
    StatusTitle{415, "Unsupported Media Type"},
    StatusTitle{417, "Expectation Failed"},
    StatusTitle{422, "Unprocessable Content"},
    StatusTitle{429, "Too Many Requests"},
    StatusTitle{500, "Internal Server Error"},
    StatusTitle{503, "Service Unavailable"},
    StatusTitle{504, "Gateway Timeout"},
    StatusTitle{507, "Insufficient Storage"},
};

struct KindRow {
  ErrorKind kind;
  int status;
  std::string_view code;
};
constexpr std::array kKinds = {
    KindRow{ErrorKind::invalid_input, 422, "validation_failed"},
    KindRow{ErrorKind::not_found, 404, "not_found"},
    KindRow{ErrorKind::conflict, 409, "conflict"},
    KindRow{ErrorKind::unauthorized, 401, "unauthorized"},
    KindRow{ErrorKind::forbidden, 403, "forbidden"},
    KindRow{ErrorKind::too_large, 413, "too_large"},
    KindRow{ErrorKind::busy, 503, "busy"},
    KindRow{ErrorKind::disk_full, 507, "disk_full"},
    KindRow{ErrorKind::io, 500, "io"},
    KindRow{ErrorKind::corrupt, 500, "corrupt"},
    KindRow{ErrorKind::newer_version, 500, "newer_version"},
    KindRow{ErrorKind::unavailable, 503, "unavailable"},
    KindRow{ErrorKind::timed_out, 504, "timed_out"},
};

void write_field_problem(JsonWriter& json, const FieldProblem& error) {
  json.begin_object();
  json.field("pointer", error.pointer).field("code", error.code).field("message", error.message);
  if (!error.hint.empty()) {
    json.field("hint", error.hint);
  }
  json.end_object();
}

}  // namespace

std::string_view status_title(int status) {
  const auto* row = std::ranges::find(kTitles, status, &StatusTitle::status);
  return row == kTitles.end() ? "Unknown" : row->title;
}

ApiResponse problem_response(const Problem& problem, std::string_view request_id) {
  JsonWriter json;
  json.begin_object();
  json.field("type", "urn:tocsin:problem:" + problem.code);
  json.field("title", status_title(problem.status));
  json.number_field("status", problem.status);
  json.field("detail", problem.detail);
  json.field("code", problem.code);
  json.field("request_id", request_id);
  if (!problem.errors.empty()) {
    json.key("errors").begin_list();
    for (const FieldProblem& error : problem.errors) {
      write_field_problem(json, error);
    }
    json.end_list();
  }
  json.end_object();
  return {.status = problem.status,
          .headers = problem.headers,
          .content_type = "application/problem+json",
          .body = json.take()};
}

Problem problem_of(const Error& error) {
  const auto* row = std::ranges::find(kKinds, error.kind, &KindRow::kind);
  if (row == kKinds.end()) {
    return {.status = 500, .code = "internal", .detail = error.message};
  }
  if (error.kind == ErrorKind::busy) {
    return too_busy(error.message);
  }
  if (error.kind == ErrorKind::unavailable) {
    return unavailable(error.message);
  }
  return {.status = row->status, .code = std::string(row->code), .detail = error.message};
}

Problem not_found(std::string_view what) {
  return {.status = 404, .code = "not_found", .detail = std::string(what)};
}

Problem validation_failed(std::vector<FieldProblem> errors) {
  const size_t count = errors.size();
  return {
      .status = 422,
      .code = "validation_failed",
      .detail = count == 1 ? "1 field is invalid." : fmt::format("{} fields are invalid.", count),
      .errors = std::move(errors)};
}

Problem unavailable(std::string_view detail) {
  return {.status = 503,
          .code = "unavailable",
          .detail = std::string(detail),
          .headers = {{"Retry-After", "5"}}};
}

Problem too_busy(std::string_view detail) {
  return {.status = 503,
          .code = "busy",
          .detail = std::string(detail),
          .headers = {{"Retry-After", "1"}}};
}

std::string nearest_name(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  size_t best_distance = 1 + std::max<size_t>(2, word.size() / 3);
  for (const std::string_view name : known) {
    const size_t distance = edit_distance(word, name);
    if (distance < best_distance && distance < name.size()) {
      best = name;
      best_distance = distance;
    }
  }
  return std::string(best);
}

std::string pointer_step(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace tocsin
