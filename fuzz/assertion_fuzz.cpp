// An assertion's text and the answer it judges: the first line is the assertion, all behind it is
// what a peer sent. Properties: what parses is sound and its text form reads back to the same
// value; evaluating never fails and shows only bounded, escaped text; what was decided by some
// bytes is what the end of the answer says.
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "core/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const size_t line_end = std::min(input.find('\n'), input.size());
  const Result<Assertion> assertion = parse_assertion(input.substr(0, line_end));
  if (!assertion) {
    CHECK(!assertion.error().message.empty(), "an error says what is wrong");
    CHECK(is_valid_utf8(assertion.error().message) || !is_valid_utf8(input), "and can be shown");
    return 0;
  }
  CHECK(check_assertion(*assertion).has_value(), "what parses is sound");
  const Result<Assertion> again = parse_assertion(assertion_text(*assertion));
  CHECK(again && *again == *assertion, "the text form reads back");

  ProbeResult result;
  result.received = input.substr(std::min(line_end + 1, input.size()));
  result.bytes_received = result.received.size();
  result.tls = TlsFacts{.version = "TLSv1.3"};
  const auto judged = evaluate_assertions(std::vector{*assertion}, result, SystemTime{});
  CHECK(judged.size() == 1 && judged[0].passed == judged[0].reason.empty(),
        "a failure has a reason");
  CHECK(judged[0].actual.size() <= 300, "the actual value is bounded");
  CHECK(is_valid_utf8(judged[0].actual), "and safe to show");
  for (size_t cut = 0; cut <= result.received.size(); cut += 1 + cut / 4) {
    const Decided decided = decided_by_bytes(*assertion, result.received.substr(0, cut));
    CHECK(decided == Decided::no || (decided == Decided::passed) == judged[0].passed,
          "no later byte undoes a decision");
  }
  return 0;
}
