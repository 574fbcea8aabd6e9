// A YAML text as a tree in which every key and value knows its line and column. Stricter than YAML:
// no aliases, anchors or tags (a few bytes of them can stand for gigabytes), keys are plain text
// and appear once, and size, depth and number of nodes are bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problems.h"

namespace tocsin {

struct YamlNode {
  enum class Kind : uint8_t { null, scalar, sequence, map };
  Kind kind = Kind::null;
  bool quoted = false;             // of a scalar: written in quotes or as a block
  TextMark mark;                   // of the value; of the key when there is no value
  std::string text;                // of a scalar
  std::vector<YamlNode> children;  // of a sequence or map, in the order of the text
  std::string key;                 // of an entry of a map
  TextMark key_mark;

  [[nodiscard]] const YamlNode* find(std::string_view name) const;  // entry of a map
};

// The tree of text number `file` of `problems`, or nothing when the text cannot be relied on;
// mistakes go to `problems`. An empty text is a null node. `nodes_left` is what may still be read
// of all files together.
std::optional<YamlNode> parse_yaml(std::string_view text, size_t file, size_t& nodes_left,
                                   ProblemList& problems);

}  // namespace tocsin
