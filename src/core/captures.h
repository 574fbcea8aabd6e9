// Captures: what the groups of earlier `expect` steps took, for the texts of later sends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/stream_pattern.h"
#include "model/monitor.h"

namespace tocsin {

class Captures {
 public:
  // Steps that come before the last send with captures are asked for their groups, others not.
  explicit Captures(const std::vector<Step>& request);
  [[nodiscard]] bool wants_groups_of(size_t step) const { return step < wanted_before_; }

  // Step `step`, an expect whose pattern is `pattern`, took `groups`. Nothing when a later send
  // can use all it may use; else why not: a group took more than kCaptureBytesMax.
  std::optional<std::string> take(size_t step, const StreamPattern& pattern,
                                  const StreamGroups& groups);
  // The bytes to send. Fails with a sentence when a group took no part in the match, or when the
  // bytes are more than kSendBytesMax.
  [[nodiscard]] Result<std::string> fill(const SendStep& send) const;

 private:
  struct Value {
    std::string group;
    std::optional<std::string> bytes;
    size_t step = 0;
  };
  const Value* find(std::string_view group) const;

  const std::vector<Step>* request_;
  size_t wanted_before_ = 0;
  std::vector<Value> values_;  // of names, and of the numbers of the newest step with groups
};

}  // namespace tocsin
