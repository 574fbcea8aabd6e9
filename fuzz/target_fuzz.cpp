// Any text is read as a target, and as a host beside a port. What is accepted writes itself so that
// it reads back to the same value; what is not has a message.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "model/target.h"

namespace {

void check_round_trip(const tocsin::Target& target) {
  const tocsin::Result<tocsin::Target> again = tocsin::Target::parse(target.text());
  CHECK(again.has_value(), "a target reads back what it writes");
  CHECK(*again == target, "and it is the same target");
  CHECK(target.is_unix() || (!target.host().empty() && target.port() != 0), "it is complete");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + size);
  if (const tocsin::Result<tocsin::Target> beside = tocsin::Target::make(text, 443)) {
    check_round_trip(*beside);
  }
  const tocsin::Result<tocsin::Target> target = tocsin::Target::parse(text);
  if (!target) {
    CHECK(!target.error().message.empty(), "a refusal says why");
    CHECK(tocsin::is_valid_utf8(target.error().message), "a message can be shown");
    return 0;
  }
  check_round_trip(*target);
  return 0;
}
