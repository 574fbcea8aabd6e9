// Any text is read as configuration. Either there is a config or a problem that is not a warning,
// never both and never neither; every problem has a place; and a value that came from a reference
// is in no message.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "config/config_reader.h"

namespace {

constexpr const char* kSecret =
    "Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7";  // in no corpus file; long enough for a signing key

tocsin::ReferenceSource references() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            return name == "NONE" ? std::nullopt : std::optional<std::string>(kSecret);
          },
          .file = [](const std::filesystem::path&) -> tocsin::Result<std::string> {
            return tocsin::fail(tocsin::ErrorKind::not_found, "there is no such file");
          }};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // The first 0xFF, which no good text has, cuts the input into two files.
  const std::string text(data, data + size);
  const size_t cut = text.find('\xFF');
  std::vector<tocsin::ConfigText> texts = {{"a.yaml", text.substr(0, cut)}};
  if (cut != std::string::npos) {
    texts.push_back({"b.yaml", text.substr(cut + 1)});
  }
  const tocsin::ConfigReading reading = tocsin::read_config(texts, references());
  bool failed = false;
  for (const tocsin::ConfigProblem& problem : reading.problems) {
    failed = failed || !problem.is_warning;
    CHECK(problem.line >= 1 && problem.column >= 1, "a problem has a place");
    CHECK(problem.excerpt.size() <= 200, "an excerpt is short");
    const std::string shown = tocsin::problem_text(problem);
    CHECK(tocsin::is_valid_utf8(shown), "a message can be shown");
    CHECK(shown.find(kSecret) == std::string::npos || text.find(kSecret) != std::string::npos,
          "what a reference stands for is not shown");
  }
  CHECK(reading.config.has_value() != failed, "either a config or a reason");
  return 0;
}
