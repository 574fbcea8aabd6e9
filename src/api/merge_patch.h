// JSON Merge Patch (RFC 7396). Pure.
#pragma once

#include "api/json_body.h"

namespace tocsin {

// What `target` becomes: members of the patch replace, null removes, objects are merged, all else
// takes the place of what was there.
BodyValue merge_patch(BodyValue target, const BodyValue& patch);

}  // namespace tocsin
