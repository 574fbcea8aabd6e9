#include "config/schema_example.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "config/yaml_tree.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

// As YAML 1.2 reads plain words; a fraction never stands in our examples.
Json scalar_value(const YamlNode& node) {
  if (node.quoted) {
    return node.text;
  }
  if (node.text == "true" || node.text == "false") {
    return node.text == "true";
  }
  int64_t number = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto read = std::from_chars(node.text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? Json(number) : Json(node.text);
}

// Examples are ours and a few levels deep, so recursion is bounded.
Json json_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return nullptr;
    case YamlNode::Kind::scalar:
      return scalar_value(node);
    case YamlNode::Kind::sequence: {
      Json list = Json::array();
      for (const YamlNode& item : node.children) {
        list.push_back(json_of(item));
      }
      return list;
    }
    case YamlNode::Kind::map: {
      Json map = Json::object();
      for (const YamlNode& entry : node.children) {
        map[entry.key] = json_of(entry);
      }
      return map;
    }
  }
  return nullptr;
}

}  // namespace

Json example_value(const Field& field) {
  const std::array texts = {ConfigText{"example", std::string(field.example)}};
  ProblemList problems(texts);
  size_t nodes_left = kConfigNodesMax;
  const std::optional<YamlNode> root = parse_yaml(texts.front().text, 0, nodes_left, problems);
  CHECK(root.has_value(), "every example of the field tables is YAML");
  return json_of(*root);
}

}  // namespace tocsin
