// The body of a new channel. Properties: a refusal says where and why; what is accepted is a
// channel that a patch without changes leaves as it is, secrets included.
#include <cstdint>
#include <string_view>

#include "api/channel_body.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const auto body = read_json({reinterpret_cast<const char*>(data), size});
  if (!body || !body->is_object()) {
    return 0;
  }
  const auto channel = read_channel_body(*body, "fuzz");
  if (!channel) {
    CHECK(channel.error().status == 422 && !channel.error().errors.empty(), "a refusal says why");
    return 0;
  }
  CHECK(channel->id == "fuzz" && channel->project == kUiProject,
        "it is the channel that was meant");
  const auto same = patch_channel_body(*channel, BodyValue{.kind = BodyValue::Kind::object});
  CHECK(same.has_value(), "what was read is written as it can be read");
  CHECK(same_definition(*channel, *same), "and is the same");
  return 0;
}
