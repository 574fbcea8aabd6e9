// The examples that editors offer are valid by the schema they stand in: an editor that marks its
// own proposal as an error is worse than none. The judge below knows what our schema uses of draft
// 07.
#include "config/schema.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/pattern.h"

namespace tocsin {
namespace {

using Json = nlohmann::json;

bool is_of_type(const Json& value, const Json& type) {
  if (type.is_array()) {
    return std::ranges::any_of(type, [&](const Json& one) { return is_of_type(value, one); });
  }
  return type == "string"    ? value.is_string()
         : type == "integer" ? value.is_number_integer()
         : type == "boolean" ? value.is_boolean()
         : type == "array"   ? value.is_array()
                             : type == "object" && value.is_object();
}

class Judge {
 public:
  explicit Judge(const Json& root) : root_(root) {}

  [[nodiscard]] bool accepts(const Json& schema, const Json& value) const {
    if (schema.contains("$ref")) {
      return accepts(root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))),
                     value);
    }
    const auto fits = [&](const Json& one) { return accepts(one, value); };
    return (!schema.contains("anyOf") || std::ranges::any_of(schema["anyOf"], fits)) &&
           (!schema.contains("allOf") || std::ranges::all_of(schema["allOf"], fits)) &&
           (!schema.contains("const") || schema["const"] == value) &&
           (!schema.contains("enum") ||
            std::ranges::find(schema["enum"], value) != schema["enum"].end()) &&
           (!schema.contains("type") || is_of_type(value, schema["type"])) &&
           accepts_scalar(schema, value) && accepts_list(schema, value) &&
           accepts_map(schema, value);
  }

 private:
  static bool accepts_scalar(const Json& schema, const Json& value) {
    if (value.is_number() && schema.contains("minimum")) {
      return schema["minimum"] <= value && value <= schema["maximum"];
    }
    if (value.is_string() && schema.contains("pattern")) {
      const Result<Pattern> pattern = Pattern::compile(schema["pattern"].get<std::string>());
      return pattern && pattern->found_in(value.get<std::string>());
    }
    return true;
  }

  [[nodiscard]] bool accepts_list(const Json& schema, const Json& value) const {
    return !value.is_array() || !schema.contains("items") ||
           (value.size() >= schema.value("minItems", size_t{0}) &&
            value.size() <= schema.value("maxItems", SIZE_MAX) &&
            std::ranges::all_of(value,
                                [&](const Json& item) { return accepts(schema["items"], item); }));
  }

  [[nodiscard]] bool accepts_map(const Json& schema, const Json& value) const {
    if (!value.is_object() || !schema.contains("additionalProperties")) {
      return true;
    }
    const Json& known = schema.contains("properties") ? schema["properties"] : kNothing;
    for (const auto& [key, below] : value.items()) {
      const Json& rule = known.contains(key) ? known[key] : schema["additionalProperties"];
      if (rule.is_boolean() ? !rule.get<bool>() : !accepts(rule, below)) {
        return false;
      }
    }
    return std::ranges::all_of(schema.value("required", Json::array()),
                               [&](const Json& key) { return value.contains(key); }) &&
           value.size() >= schema.value("minProperties", size_t{0}) &&
           value.size() <= schema.value("maxProperties", SIZE_MAX);
  }

  inline static const Json kNothing = Json::object();
  const Json& root_;
};

// Calls visit(name, schema) for every field of `schema` and below it.
template <class Visit>
void for_each_field(const Json& schema, const Visit& visit) {
  if (schema.is_object() && schema.contains("properties")) {
    for (const auto& [name, field] : schema["properties"].items()) {
      visit(name, field);
    }
  }
  if (schema.is_structured()) {
    for (const Json& below : schema) {
      for_each_field(below, visit);
    }
  }
}

TEST(Schema, EveryFieldOffersAnExampleThatIsValidByIt) {
  const Json schema = Json::parse(config_schema_json());
  const Judge judge(schema);
  size_t fields = 0;
  for_each_field(schema, [&](const std::string& name, const Json& field) {
    ASSERT_TRUE(field.contains("examples")) << name;
    for (const Json& example : field["examples"]) {
      EXPECT_TRUE(judge.accepts(field, example)) << name << ": " << example;
    }
    ++fields;
  });
  EXPECT_GT(fields, 100U);
}

// The judge itself must be able to say no.
TEST(Schema, RefusesWhatTheReaderRefuses) {
  const Json schema = Json::parse(config_schema_json());
  const Judge judge(schema);
  const auto accepts = [&](std::string_view text) {
    return judge.accepts(schema, Json::parse(text));
  };
  EXPECT_TRUE(accepts(R"({"monitors": {"m": {"target": "db:1", "timeout": "5s"}}})"));
  EXPECT_FALSE(accepts(R"({"monitors": {"m": {"target": "db:1", "timeout": 5}}})"));
  EXPECT_FALSE(accepts(R"({"monitors": {"m": {"port": 70000}}})"));
  EXPECT_FALSE(accepts(R"({"monitors": {"m": {"close": "never"}}})"));
  EXPECT_FALSE(accepts(R"({"monitors": {"m": {"tragt": "db:1"}}})"));
  EXPECT_FALSE(accepts(R"({"project": {"name": "Shop"}})"));
}

// A number of the table must reach the editor as a number, and a quoted one as a text.
TEST(Schema, ExamplesKeepTheirTypes) {
  const Json monitor = Json::parse(config_schema_json())["definitions"]["monitor"]["properties"];
  EXPECT_EQ(monitor["port"]["examples"], Json::parse("[5432]"));
  EXPECT_EQ(monitor["should_fail"]["examples"], Json::parse("[true]"));
  EXPECT_EQ(monitor["for_each"]["examples"], Json::parse("[[22, 80, 443]]"));
  EXPECT_EQ(monitor["retry"]["examples"],
            Json::parse(R"([{"strategy": "linear", "base": "10s", "max": 2}])"));
  EXPECT_EQ(monitor["tls"]["anyOf"][1]["properties"]["min_version"]["examples"],
            Json::parse(R"(["1.2"])"));
}

}  // namespace
}  // namespace tocsin
