#include "core/request_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/bytes.h"
#include "core/pattern.h"

namespace tocsin {
namespace {

// What the expects so far have.
struct Groups {
  std::vector<std::string> names;
  size_t numbers = 0;  // of the newest with groups

  void add(const ExpectStep& expect) {
    const Result<Pattern> pattern = Pattern::compile(expect.pattern);
    if (!expect.is_regex || !pattern || pattern->groups() == 0) {
      return;
    }
    numbers = pattern->groups();
    for (const std::string& name : pattern->group_names()) {
      if (std::ranges::find(names, name) == names.end()) {
        names.push_back(name);
      }
    }
  }
  [[nodiscard]] bool have(const std::string& group) const {
    if (std::ranges::find(names, group) != names.end()) {
      return true;
    }
    for (size_t number = 1; number <= numbers; ++number) {
      if (fmt::format("{}", number) == group) {
        return true;
      }
    }
    return false;
  }
  [[nodiscard]] std::string hint() const {
    if (names.empty()) {
      return numbers == 0 ? "an expect before it needs a regex with a group: (?P<name>...)"
                          : fmt::format("there are {{{{1}}}} to {{{{{}}}}}", numbers);
    }
    return fmt::format("there are {}", fmt::join(names, ", "));
  }
};

}  // namespace

std::optional<RequestFault> find_request_fault(std::span<const Step> request) {
  Groups groups;
  for (size_t i = 0; i < request.size(); ++i) {
    if (const auto* const expect = std::get_if<ExpectStep>(&request[i])) {
      groups.add(*expect);
    }
    const auto* const send = std::get_if<SendStep>(&request[i]);
    if (send == nullptr) {
      continue;
    }
    for (const CaptureUse& use : send->captures) {
      if (groups.have(use.group)) {
        continue;
      }
      return RequestFault{
          .step = i,
          .message = fmt::format("{{{{{}}}}} is sent, but no expect before it has a group {}",
                                 use.group, use.group),
          .hint = fmt::format("{}; for a plain {{{{ write \\{{{{", groups.hint())};
    }
  }
  return std::nullopt;
}

}  // namespace tocsin
