// Reading of a JSON body. Property: what is accepted keeps within the limits, and written out again
// reads as the same text.
#include <algorithm>

#include "api/json_body.h"
#include "api/json_writer.h"
#include "base/check.h"

namespace {

using tocsin::BodyValue;

size_t write(tocsin::JsonWriter& json, const BodyValue& value, size_t depth) {
  CHECK(depth <= tocsin::kJsonDepthMax, "the depth is bounded");
  size_t nodes = 1;
  switch (value.kind) {
    case BodyValue::Kind::null:
      json.null();
      break;
    case BodyValue::Kind::boolean:
      json.boolean(value.boolean);
      break;
    case BodyValue::Kind::number:
      json.raw(value.text);
      break;
    case BodyValue::Kind::text:
      json.text(value.text);
      break;
    case BodyValue::Kind::list:
      json.begin_list();
      for (const BodyValue& item : value.items) {
        nodes += write(json, item, depth + 1);
      }
      json.end_list();
      break;
    case BodyValue::Kind::object:
      json.begin_object();
      for (const auto& member : value.members) {
        CHECK(value.find(member.name) == &member.value, "names are unique");
        json.key(member.name);
        nodes += 1 + write(json, member.value, depth + 1);
      }
      json.end_object();
      break;
  }
  return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto value = tocsin::read_json({reinterpret_cast<const char*>(data), size});
  if (!value) {
    CHECK(!value.error().detail.empty(), "a refusal says why");
    return 0;
  }
  tocsin::JsonWriter first;
  CHECK(write(first, *value, 0) <= tocsin::kJsonNodesMax, "the number of values is bounded");
  const std::string text = first.take();
  if (text.size() > tocsin::kHttpBodyBytesMax) {
    return 0;  // escapes may have made it longer than a body may be
  }
  const auto again = tocsin::read_json(text);
  CHECK(again.has_value(), "what we write we read");
  tocsin::JsonWriter second;
  write(second, *again, 0);
  CHECK(second.take() == text, "reading and writing is stable");
  return 0;
}
