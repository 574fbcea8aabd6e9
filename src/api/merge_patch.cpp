#include "api/merge_patch.h"

#include <algorithm>
#include <utility>

namespace tocsin {

// As deep as the body that was read, which kJsonDepthMax bounds.
BodyValue merge_patch(BodyValue target, const BodyValue& patch) {
  if (!patch.is_object()) {
    return patch;
  }
  if (!target.is_object()) {
    target = BodyValue{.kind = BodyValue::Kind::object};
  }
  for (const BodyMember& member : patch.members) {
    const auto found = std::ranges::find(target.members, member.name, &BodyMember::name);
    if (member.value.kind == BodyValue::Kind::null) {
      if (found != target.members.end()) {
        target.members.erase(found);
      }
    } else if (found != target.members.end()) {
      found->value = merge_patch(std::move(found->value), member.value);
    } else {
      target.members.push_back({member.name, merge_patch({}, member.value)});
    }
  }
  return target;
}

}  // namespace tocsin
