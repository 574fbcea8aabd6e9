#include "api/openapi/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "api/openapi/parameters.h"
#include "api/openapi/problem_codes.h"
#include "api/openapi/schema.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

void add_header(Json& answer, std::string_view name) {
  answer["headers"][std::string(name)] = answer_header(name);
}

void add_limits(Json& answer) {
  for (const std::string_view name :
       {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}) {
    add_header(answer, name);
  }
}

void add_answer(Json& answers, const Route& route, const Operation& operation,
                const PlainAnswer& given) {
  Json& answer = answers[fmt::to_string(given.status)];
  if (!given.help.empty()) {
    answer["description"] = given.help;
  }
  add_header(answer, "X-Request-Id");
  add_limits(answer);
  if (route.method() == "POST") {
    add_header(answer, "Idempotency-Replayed");
  }
  for (const std::string_view header : given.headers) {
    add_header(answer, header);
  }
  if (given.type.empty()) {
    return;
  }
  Json media = {{"schema", schema_of_type(given.type)}};
  if (given.media == "text/event-stream") {
    for (const StreamEvent& event : operation.events) {
      Json shown = schema_of_type(event.type);
      shown["description"] = event.help;
      media["x-events"][std::string(event.name)] = std::move(shown);
    }
  }
  answer["content"][std::string(given.media)] = std::move(media);
}

Json example_of(const ProblemCode& problem) {
  return {{"type", fmt::format("urn:tocsin:problem:{}", problem.code)},
          {"title", status_title(problem.status)},
          {"status", problem.status},
          {"detail", problem.help},
          {"code", problem.code},
          {"request_id", "5f1a0c2e-000007"}};
}

Json media_of(const std::vector<ProblemCode>& problems) {
  Json codes = Json::array();
  Json examples = Json::object();
  for (const ProblemCode& problem : problems) {
    codes.push_back(problem.code);
    examples[std::string(problem.code)] = {{"value", example_of(problem)}};
  }
  Json narrower = {{"properties", {{"code", {{"enum", std::move(codes)}}}}}};
  return {{"schema", {{"allOf", Json::array({schema_of_type("Problem"), std::move(narrower)})}}},
          {"examples", std::move(examples)}};
}

Json problem_answer(const std::vector<ProblemCode>& problems) {
  std::string help;
  for (const ProblemCode& problem : problems) {
    help += fmt::format("{}`{}`: {}", help.empty() ? "" : " ", problem.code, problem.help);
  }
  Json answer = {{"description", std::move(help)}};
  add_header(answer, "X-Request-Id");
  add_limits(answer);
  const int status = problems.front().status;
  const auto has = [&problems](std::string_view code) {
    return std::ranges::find(problems, code, &ProblemCode::code) != problems.end();
  };
  if (status == 401 || has("forbidden")) {
    add_header(answer, "WWW-Authenticate");
  } else if (status == 405) {
    add_header(answer, "Allow");
  }
  if (status == 429 || status == 503 || has("still_running")) {
    add_header(answer, "Retry-After");
  }
  answer["content"]["application/problem+json"] = media_of(problems);
  return answer;
}

// "409-id_taken-still_running"
std::string name_of(const std::vector<ProblemCode>& problems) {
  std::string name = fmt::to_string(problems.front().status);
  for (const ProblemCode& problem : problems) {
    name += fmt::format("-{}", problem.code);
  }
  return name;
}

Json named_answer(const std::vector<ProblemCode>& problems, Json& named) {
  const std::string name = name_of(problems);
  named[name] = problem_answer(problems);
  return {{"$ref", "#/components/responses/" + name}};
}

}  // namespace

Json answers_of(const Route& route, const Operation& operation, Json& named) {
  Json answers = Json::object();
  for (const PlainAnswer& given : operation.answers) {
    add_answer(answers, route, operation, given);
  }
  std::map<int, std::vector<ProblemCode>> by_status;
  for (const ProblemCode& problem : problems_of(route, operation)) {
    by_status[problem.status].push_back(problem);
  }
  for (const auto& [status, problems] : by_status) {
    const std::string key = fmt::to_string(status);
    if (answers.contains(key)) {
      answers[key]["content"]["application/problem+json"] = media_of(problems);
    } else {
      answers[key] = named_answer(problems, named);
    }
  }
  answers["default"] = named_answer(problems_of_any_path(), named);
  return answers;
}

}  // namespace tocsin
