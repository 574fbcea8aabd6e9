// Secrets: the first line is a secret, all else is what a server said, in pieces. Nothing of the
// secret is left, neither as it is nor in hex or base64, and a stream in pieces is masked as a
// whole.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "core/secrets.h"
#include "talk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  std::string input(reinterpret_cast<const char*>(data), size);
  const std::string secret = take_line(input);
  const Secrets secrets({secret});
  if (secrets.empty()) {
    CHECK(secrets.masked(input) == input, "without secrets nothing changes");
    return 0;
  }
  if (secret.find('*') != std::string::npos) {
    return 0;  // the mask itself may look like it
  }
  const std::string masked = secrets.masked(input);
  for (const std::string& form : {secret, to_hex(secret), to_base64(secret)}) {
    CHECK(masked.find(form) == std::string::npos, "nothing of it is left");
  }
  for (const size_t cut : {size_t{0}, input.size() / 3, input.size() / 2, input.size()}) {
    std::string first = input.substr(0, cut);
    std::string second = input.substr(cut);
    secrets.mask({&first, &second});
    CHECK(first + second == masked, "the pieces do not matter");
  }
  return 0;
}
