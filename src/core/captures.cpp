#include "core/captures.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"

namespace tocsin {

Captures::Captures(const std::vector<Step>& request) : request_(&request) {
  for (size_t i = 0; i < request.size(); ++i) {
    const auto* const send = std::get_if<SendStep>(&request[i]);
    if (send != nullptr && !send->captures.empty()) {
      wanted_before_ = i;
    }
  }
}

// Of the many groups that a pattern may have, those are kept that a send names.
std::optional<std::string> Captures::take(size_t step, const StreamPattern& pattern,
                                          const StreamGroups& groups) {
  std::erase_if(values_, [](const Value& value) {
    return value.group.find_first_not_of("0123456789") == std::string::npos;
  });
  for (size_t i = step + 1; i <= wanted_before_; ++i) {
    const auto* const send = std::get_if<SendStep>(&(*request_)[i]);
    if (send == nullptr) {
      continue;
    }
    for (const CaptureUse& use : send->captures) {
      const std::optional<size_t> number = pattern.group_number(use.group);
      if (!number) {
        continue;
      }
      const auto& taken = groups.values.at(*number);
      if (taken && taken->size() > kCaptureBytesMax) {
        return fmt::format("the group {} of step {} took {} bytes; at most {} are possible",
                           use.group, step + 1, taken->size(), kCaptureBytesMax);
      }
      std::erase_if(values_, [&](const Value& value) { return value.group == use.group; });
      values_.push_back(
          {use.group, taken ? std::optional(std::string(*taken)) : std::nullopt, step});
    }
  }
  return std::nullopt;
}

const Captures::Value* Captures::find(std::string_view group) const {
  const auto found = std::ranges::find(values_, group, &Value::group);
  return found == values_.end() ? nullptr : &*found;
}

Result<std::string> Captures::fill(const SendStep& send) const {
  std::string bytes;
  size_t copied = 0;
  for (const CaptureUse& use : send.captures) {
    const Value* const value = find(use.group);
    if (value == nullptr || !value->bytes) {
      return fail(ErrorKind::not_found,
                  value == nullptr ? fmt::format("no earlier step has a group {}", use.group)
                                   : fmt::format("the group {} took no part in what step {} found",
                                                 use.group, value->step + 1));
    }
    const size_t at = std::clamp(use.at, copied, send.bytes.size());
    bytes.append(send.bytes, copied, at - copied);
    bytes += *value->bytes;
    copied = at;
    if (bytes.size() > kSendBytesMax) {
      break;
    }
  }
  bytes.append(send.bytes, copied);
  if (bytes.size() > kSendBytesMax) {
    return fail(ErrorKind::invalid_input,
                fmt::format("with what was captured there would be more than {} bytes to send",
                            kSendBytesMax));
  }
  return bytes;
}

}  // namespace tocsin
