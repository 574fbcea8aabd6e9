#include "api/exposition_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/bytes.h"

namespace tocsin {
namespace {

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && is_letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::optional<double> number(std::string_view text) {
  if (text == "+Inf") {
    return std::numeric_limits<double>::infinity();
  }
  if (text.empty() || text.find_first_not_of("0123456789+-.e") != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  return end == copy.c_str() + copy.size() ? std::optional(value) : std::nullopt;
}

struct Sample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  [[nodiscard]] std::string label(std::string_view key) const {
    const auto found = std::ranges::find(labels, key, [](const auto& one) { return one.first; });
    return found == labels.end() ? "" : found->second;
  }
};

struct Family {
  std::string name, type;
  std::vector<Sample> samples;
};

// `name="value"` pairs up to the closing brace; empty: not well written.
std::optional<std::vector<std::pair<std::string, std::string>>> read_labels(
    std::string_view& rest) {
  std::vector<std::pair<std::string, std::string>> labels;
  while (true) {
    const size_t equals = rest.find("=\"");
    if (equals == std::string_view::npos || !is_name(rest.substr(0, equals))) {
      return std::nullopt;
    }
    const std::string name(rest.substr(0, equals));
    std::string value;
    size_t at = equals + 2;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
      if (rest[at] == '\\') {
        ++at;
        if (at >= rest.size() || std::string_view("\\\"n").find(rest[at]) == std::string::npos) {
          return std::nullopt;
        }
      }
      value += rest[at];
    }
    if (at + 1 >= rest.size() || (rest[at + 1] != ',' && rest[at + 1] != '}')) {
      return std::nullopt;
    }
    labels.emplace_back(name, value);
    const bool is_last = rest[at + 1] == '}';
    rest.remove_prefix(at + 2);
    if (is_last) {
      return labels;
    }
  }
}

class Checker {
 public:
  explicit Checker(MetricsFormat format) : is_open_(format == MetricsFormat::openmetrics) {}

  std::vector<std::string> check(std::string_view text) {
    if (!text.ends_with(is_open_ ? "# EOF\n" : "\n")) {
      wrong(text, "the last line has no proper end");
    }
    while (!text.empty()) {
      const size_t end = text.find('\n');
      line(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    close_family();
    return std::move(mistakes_);
  }

 private:
  void wrong(std::string_view where, std::string_view what) {
    mistakes_.push_back(fmt::format("{}: {}", what, where.substr(0, 200)));
  }

  void line(std::string_view text) {
    if (!is_valid_utf8(text) || has_ended_) {
      wrong(text, has_ended_ ? "something stands behind the end" : "not UTF-8");
    } else if (text == "# EOF" && is_open_) {
      has_ended_ = true;
    } else if (text.starts_with("# HELP ")) {
      help(text.substr(7));
    } else if (text.starts_with("# TYPE ")) {
      type(text.substr(7));
    } else if (text.starts_with('#')) {
      if (is_open_) {
        wrong(text, "OpenMetrics knows no comments");
      }
    } else {
      sample(text);
    }
  }

  void help(std::string_view text) {
    close_family();
    const size_t space = text.find(' ');
    helped_ = text.substr(0, space);
    if (!is_name(helped_) || !families_.insert(helped_).second) {
      wrong(text, "HELP without a name, or of a family that stood before");
    }
    if (space == std::string_view::npos || space + 1 == text.size()) {
      wrong(text, "HELP says nothing");
    }
  }

  void type(std::string_view text) {
    const size_t space = text.find(' ');
    family_ = {.name = std::string(text.substr(0, space)),
               .type = std::string(space == std::string_view::npos ? "" : text.substr(space + 1)),
               .samples = {}};
    if (family_.name != helped_) {
      wrong(text, "TYPE does not follow the HELP of its family");
    }
    if (family_.type != "gauge" && family_.type != "counter" && family_.type != "histogram") {
      wrong(text, "unknown type");
    }
    const bool has_total = family_.name.ends_with("_total");
    if (has_total != (family_.type == "counter" && !is_open_)) {
      wrong(text, "_total belongs to counters, in OpenMetrics to their samples only");
    }
    for (const std::string_view suffix : {"_bucket", "_count", "_sum"}) {
      if (family_.name.ends_with(suffix)) {
        wrong(text, "the name of a family ends like a sample of a histogram");
      }
    }
    for (const std::string_view unit : {"_ms", "_milliseconds", "_us", "_minutes", "_kb", "_mb"}) {
      if (family_.name.find(std::string(unit) + "_") != std::string::npos ||
          family_.name.ends_with(unit)) {
        wrong(text, "not a base unit");
      }
    }
  }

  void sample(std::string_view text) {
    std::string_view rest = text;
    const size_t end = rest.find_first_of("{ ");
    Sample read{.name = std::string(rest.substr(0, end)), .labels = {}};
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
    if (rest.starts_with('{')) {
      rest.remove_prefix(1);
      auto labels = read_labels(rest);
      if (!labels) {
        wrong(text, "the labels are not well written");
        return;
      }
      read.labels = std::move(*labels);
    }
    const auto value = rest.starts_with(' ') ? number(rest.substr(1)) : std::nullopt;
    if (!is_name(read.name) || !value) {
      wrong(text, "not a sample");
      return;
    }
    read.value = *value;
    if (!belongs(read)) {
      wrong(text, "a sample of another family");
    }
    if (!series_.insert({read.name, read.labels}).second) {
      wrong(text, "the same series twice");
    }
    if (family_.type == "counter" && !(read.value >= 0)) {
      wrong(text, "a counter below zero");
    }
    family_.samples.push_back(std::move(read));
  }

  [[nodiscard]] bool belongs(const Sample& read) const {
    if (family_.type == "histogram") {
      const bool is_bucket = read.name == family_.name + "_bucket";
      return is_bucket ? !read.label("le").empty()
                       : read.name == family_.name + "_sum" || read.name == family_.name + "_count";
    }
    const bool adds_total = family_.type == "counter" && is_open_;
    return read.name == family_.name + (adds_total ? "_total" : "");
  }

  // A histogram without other labels, which is all we have.
  void close_family() {
    if (family_.type != "histogram") {
      family_ = {};
      return;
    }
    double bound = -std::numeric_limits<double>::infinity(), cumulative = 0;
    std::optional<double> sum, count;
    for (const Sample& one : family_.samples) {
      if (one.name.ends_with("_bucket")) {
        const std::string le = one.label("le");
        const auto next = number(le);
        if (!next || *next <= bound || one.value < cumulative || sum || count) {
          wrong(le, "buckets must come first, by growing bound, and never fall");
        }
        if (is_open_ && le.find_first_of(".eI") == std::string::npos) {
          wrong(le, "OpenMetrics writes bounds as floats");
        }
        bound = next.value_or(bound);
        cumulative = one.value;
      } else {
        (one.name.ends_with("_sum") ? sum : count) = one.value;
      }
    }
    if (!std::isinf(bound) || !sum || count != cumulative || (sum < 0)) {
      wrong(family_.name, "a histogram needs le=\"+Inf\", _sum, and a _count equal to the former");
    }
    family_ = {};
  }

  bool is_open_;
  bool has_ended_ = false;
  std::vector<std::string> mistakes_;
  std::string helped_;
  std::set<std::string> families_;
  std::set<std::pair<std::string, std::vector<std::pair<std::string, std::string>>>> series_;
  Family family_;
};

}  // namespace

std::vector<std::string> exposition_mistakes(std::string_view text, MetricsFormat format) {
  return Checker(format).check(text);
}

}  // namespace tocsin
