#include "config/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "base/bytes.h"
#include "base/limits.h"
#include "config/text_check.h"
#include "config/yaml_hint.h"

namespace tocsin {
namespace {

// Ends the parsing from inside an event; the problem is already told.
struct StopReading {};

TextMark mark_of(const YAML::Mark& mark) {
  return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(size_t file, size_t& nodes_left, ProblemList& problems)
      : file_(file), nodes_left_(nodes_left), problems_(problems) {}

  std::optional<YamlNode> take_root() {
    return reliable_ ? std::optional(std::move(root_)) : std::nullopt;
  }
  // Only the last scalar can lack its closing quote, because then it reaches to the end of the
  // text.
  [[nodiscard]] std::optional<TextMark> last_quoted() const { return last_quoted_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      stop(mark, "a second document begins here", "write one document in each file");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    last_quoted_.reset();
    add({.kind = YamlNode::Kind::null, .mark = mark_of(mark)});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse_anchor(mark);
    add({.kind = YamlNode::Kind::null, .mark = mark_of(mark)});
  }

  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    const bool quoted = tag == "!";
    last_quoted_ = quoted ? std::optional(mark_of(mark)) : std::nullopt;
    add({.kind = YamlNode::Kind::scalar, .quoted = quoted, .mark = mark_of(mark), .text = value});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  // A collection being read; a map alternates between key and value.
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;
  };

  [[noreturn]] void stop(const YAML::Mark& mark, std::string message, std::string hint) {
    problems_.error(file_, mark_of(mark), std::move(message), std::move(hint));
    reliable_ = false;
    throw StopReading{};
  }

  void refuse_anchor(const YAML::Mark& mark) {
    if (!anchor_told_) {
      problems_.error(file_, mark_of(mark), "anchors (&name) and aliases (*name) are not read",
                      "write the value where it is needed, or put it under defaults");
    }
    anchor_told_ = true;
    reliable_ = false;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") {
      return;
    }
    if (!tag_told_) {
      problems_.error(file_, mark_of(mark), "tags (!name) are not read",
                      "remove the tag; put a text that looks like a number in quotes");
    }
    tag_told_ = true;
    reliable_ = false;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    check_tag(mark, tag);
    if (stack_.size() == kConfigDepthMax) {
      stop(mark, fmt::format("lists and maps are nested more than {} deep", kConfigDepthMax), "");
    }
    count_node(mark);
    stack_.push_back({.node = {.kind = kind, .mark = mark_of(mark)}, .key = std::nullopt});
  }

  void close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    if (node.kind == YamlNode::Kind::map) {
      check_keys(node);
    }
    attach(std::move(node));
  }

  void add(YamlNode node) {
    YAML::Mark mark;
    mark.line = node.mark.line - 1;
    mark.column = node.mark.column - 1;
    count_node(mark);
    attach(std::move(node));
  }

  void count_node(const YAML::Mark& mark) {
    if (nodes_left_ == 0) {
      stop(mark, fmt::format("the files have more than {} values together", kConfigNodesMax), "");
    }
    --nodes_left_;
  }

  void attach(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.children.push_back(std::move(node));
      return;
    }
    if (!parent.key) {
      if (node.kind != YamlNode::Kind::scalar) {
        problems_.error(file_, node.mark, "a key must be a text",
                        "put quotes around a key that has special characters");
        reliable_ = false;
      }
      parent.key = std::move(node);
      return;
    }
    node.key = std::move(parent.key->text);
    node.key_mark = parent.key->mark;
    if (node.kind == YamlNode::Kind::null) {
      node.mark = node.key_mark;  // the parser names the place of whatever comes next
    }
    parent.key.reset();
    parent.node.children.push_back(std::move(node));
  }

  // Tells of keys written twice and keeps the first of them.
  void check_keys(YamlNode& map) {
    std::unordered_map<std::string, TextMark> first;
    std::erase_if(map.children, [&](const YamlNode& entry) {
      const auto [known, is_new] = first.emplace(entry.key, entry.key_mark);
      if (!is_new) {
        problems_.error(file_, entry.key_mark,
                        fmt::format("\"{}\" is written twice; the first is in line {}",
                                    escape_for_display(entry.key, 80), known->second.line),
                        "keep one of them");
      }
      return !is_new;
    });
  }

  size_t file_;
  size_t& nodes_left_;
  ProblemList& problems_;
  std::vector<Open> stack_;
  YamlNode root_;
  std::optional<TextMark> last_quoted_;
  int documents_ = 0;
  bool reliable_ = true;
  bool anchor_told_ = false;
  bool tag_told_ = false;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view name) const {
  const auto found = std::ranges::find(children, name, &YamlNode::key);
  return found == children.end() ? nullptr : &*found;
}

std::optional<YamlNode> parse_yaml(std::string_view text, size_t file, size_t& nodes_left,
                                   ProblemList& problems) {
  if (const std::optional<TextFault> fault = find_text_fault(text)) {
    problems.error(file, fault->at, fault->message, fault->hint);
    return std::nullopt;
  }
  TreeBuilder builder(file, nodes_left, problems);
  try {
    std::istringstream input{std::string(text)};
    YAML::Parser parser(input);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const StopReading&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const TextMark at = clamp_to_text(text, mark_of(error.mark));
    problems.error(file, at, yaml_message(error.msg, text, at), yaml_hint(error.msg, text, at));
    return std::nullopt;
  }
  if (const std::optional<TextMark> quote = builder.last_quoted();
      quote && !closes_quote(text, *quote)) {
    problems.error(file, *quote, "the quote that opens here is never closed", "");
    return std::nullopt;
  }
  return builder.take_root();
}

}  // namespace tocsin
