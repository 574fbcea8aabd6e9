// The document is what the program does: each route is in it, nothing else is, and every name in it
// stands for something.
#include "api/openapi/document.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "api/openapi/problem_codes.h"
#include "api/routes.h"
#include "model/field_table.h"

namespace tocsin {
namespace {

using Json = nlohmann::json;
using Names = std::set<std::string>;

Json document() { return Json::parse(openapi_document("9.8.7")); }

Names documented() {
  Names names;
  const Json whole = document();
  for (const auto& [path, methods] : whole["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      names.insert(std::string(method).append(" ").append(path));
    }
  }
  return names;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

void for_each_below(const Json& json, const std::function<void(const Json&)>& visit) {
  visit(json);
  if (json.is_structured()) {
    for (const Json& below : json) {
      for_each_below(below, visit);
    }
  }
}

// A route that nobody described, and a description that no route has, are found here and not by a
// user.
TEST(OpenApi, AgreesExactlyWithTheRouteTable) {
  Names routes;
  for (const Route& route : api_routes()) {
    routes.insert(lower(std::string(route.method())) + " " + std::string(route.pattern()));
  }
  EXPECT_EQ(documented(), routes);
  for (const Operation& row : all_operations()) {
    const std::string name = lower(std::string(row.method)) + " " + std::string(row.path);
    const bool has_channels = routes.contains("get /api/v1/channels");
    EXPECT_TRUE(routes.contains(name) || (row.tag == "Channels" && !has_channels))
        << name << " is described and is no route";
  }
}

// Queries and scopes come from the route table; a client must be able to trust them.
TEST(OpenApi, SaysWhatTheRouteTableSays) {
  const Json whole = document();
  for (const Route& route : api_routes()) {
    const Json& operation =
        whole["paths"][std::string(route.pattern())][lower(std::string(route.method()))];
    EXPECT_EQ(operation["x-scope"], scope_name(route.needs())) << route.pattern();
    EXPECT_EQ(operation["security"].empty(), route.needs() == Scope::none) << route.pattern();
    Names queries, wanted(route.query_names().begin(), route.query_names().end());
    for (const Json& parameter : operation.value("parameters", Json::array())) {
      const Json& known =
          whole.at(Json::json_pointer(parameter["$ref"].get<std::string>().substr(1)));
      if (known["in"] == "query") {
        queries.insert(known["name"].get<std::string>());
      }
    }
    EXPECT_EQ(queries, wanted) << route.method() << " " << route.pattern();
  }
}

TEST(OpenApi, EveryNameStandsForSomething) {
  const Json whole = document();
  EXPECT_EQ(whole["info"]["version"], "9.8.7");
  Names ids;
  for_each_below(whole, [&](const Json& below) {
    if (below.is_object() && below.contains("$ref")) {
      const std::string target = below["$ref"].get<std::string>().substr(1);
      EXPECT_TRUE(whole.contains(Json::json_pointer(target))) << target;
    }
    if (below.is_object() && below.contains("operationId")) {
      EXPECT_TRUE(ids.insert(below["operationId"].get<std::string>()).second)
          << below["operationId"];
    }
  });
  EXPECT_EQ(ids.size(), api_routes().size());
}

// With their help, since people read it.
TEST(OpenApi, EveryPropertyIsExplained) {
  const Json whole = document();
  size_t properties = 0;
  for (const auto& [name, schema] : whole["components"]["schemas"].items()) {
    EXPECT_TRUE(schema.contains("description")) << name;
    const Json all = schema.value("properties", Json::object());
    for (const auto& [property, value] : all.items()) {
      EXPECT_TRUE(value.contains("description")) << name << "." << property;
      ++properties;
    }
  }
  EXPECT_GT(properties, 400U);
}

// What people send has the fields of the field table and no other, but for the id.
TEST(OpenApi, DefinitionsHaveTheFieldsOfTheTable) {
  const Json schemas = document()["components"]["schemas"];
  Names wanted;
  for (const Field& field : monitor_fields()) {
    wanted.insert(std::string(field.name));
  }
  const auto names_of = [&](const char* schema) {
    Names names;
    for (const auto& [name, value] : schemas[schema]["properties"].items()) {
      names.insert(name);
    }
    return names;
  };
  Names with_id = wanted;
  with_id.insert("id");
  EXPECT_EQ(names_of("NewMonitor"), with_id);
  wanted.erase("for_each");
  EXPECT_EQ(names_of("MonitorDefinition"), wanted);
  EXPECT_EQ(names_of("MonitorPatch"), wanted);
  EXPECT_EQ(schemas["MonitorDefinition"]["properties"]["port"]["maximum"], 65535);
  EXPECT_FALSE(schemas["MonitorDefinition"].dump().contains("env|file"))
      << "the API resolves no references";
}

// A code is one status everywhere; programs decide by it.
TEST(OpenApi, EveryProblemHasOneStatus) {
  Names codes;
  for (const ProblemCode& problem : problem_codes()) {
    EXPECT_TRUE(codes.insert(std::string(problem.code)).second) << problem.code;
    EXPECT_NE(status_title(problem.status), "Unknown") << problem.status;
  }
}

}  // namespace
}  // namespace tocsin
