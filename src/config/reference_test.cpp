#include "config/reference.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace tocsin {
namespace {

ReferenceSource references() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            if (name == "PORT") {
              return "5432";
            }
            if (name == "EMPTY") {
              return "";
            }
            if (name == "BACKSLASH") {
              return "a\\n";
            }
            return std::nullopt;
          },
          .file = [](const std::filesystem::path& path) -> Result<std::string> {
            if (path == "/run/secrets/x") {
              return "from file";
            }
            return fail(ErrorKind::not_found, "there is no such file");
          }};
}

std::string resolved(std::string_view written) {
  const Result<ResolvedText> value = resolve_references(written, references());
  return value ? value->text : "error: " + value.error().message;
}

TEST(Reference, StandsForWhatItNames) {
  EXPECT_EQ(resolved("db:${env:PORT}/${env:PORT}"), "db:5432/5432");
  EXPECT_EQ(resolved("${file:/run/secrets/x}"), "from file");
  EXPECT_EQ(resolved("plain $5 and $$"), "plain $5 and $$");
}

// As in a shell, because that is what people know.
TEST(Reference, DefaultStandsInForUnsetAndEmpty) {
  EXPECT_EQ(resolved("${env:NONE:-a:-b}"), "a:-b");
  EXPECT_EQ(resolved("${env:EMPTY:-x}"), "x");
  EXPECT_EQ(resolved("${env:EMPTY}"), "");
  EXPECT_EQ(resolved("${env:PORT:-x}"), "5432");
}

TEST(Reference, DoubledDollarIsPlain) { EXPECT_EQ(resolved("$${env:PORT}"), "${env:PORT}"); }

TEST(Reference, SaysWhatIsWrong) {
  EXPECT_EQ(resolved("${env:NONE}"), "error: environment variable NONE is not set");
  EXPECT_EQ(resolved("${env:1A}"), "error: \"1A\" is not the name of an environment variable");
  EXPECT_EQ(resolved("${file:x}"),
            "error: the path of ${file:x} must be absolute, from the first /");
  EXPECT_EQ(resolved("${file:/y}"), "error: there is no such file");
}

// An unknown reference may be a piece of a password.
TEST(Reference, ShowsOnlyTheKindOfAnUnknownOne) {
  EXPECT_EQ(resolved("${evn:hunter2}").substr(0, 36), "error: ${evn:...} is not a reference");
  EXPECT_EQ(resolved("ab${hunter2}").substr(0, 32), "error: ${...} is not a reference");
  EXPECT_EQ(resolved("ab${hunter2").substr(0, 37), "error: a reference begins with ${ and");
}

// A password with a backslash is sent as it is; only what the user typed has escapes.
TEST(Reference, EscapesAreReadInLiteralPartsOnly) {
  const Result<ResolvedText> value =
      resolve_references("AUTH ${env:BACKSLASH}\\r\\n", references(), &unescape);
  EXPECT_EQ(value->text, "AUTH a\\n\r\n");
  EXPECT_TRUE(value->has_reference);
}

}  // namespace
}  // namespace tocsin
