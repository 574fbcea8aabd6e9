// docs/openapi.json is what the program prints: who makes a client from the file gets this
// program's API. UPDATE_GOLDEN=1 in the environment writes it anew.
#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

TEST(OpenApiCommand, PrintsTheDocumentOfTheRepository) {
  const CliRun printed = CliRun().run({"openapi"});
  EXPECT_EQ(printed.code, ExitCode::ok);
  const std::filesystem::path path = std::filesystem::path(TOCSIN_SOURCE_DIR) / "docs/openapi.json";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << printed.out;
    return;
  }
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << path << " is missing; UPDATE_GOLDEN=1 writes it";
  std::stringstream wanted;
  wanted << file.rdbuf();
  EXPECT_TRUE(printed.out == wanted.str())
      << path << " is another one: look at the difference with `tocsin openapi | diff - "
      << path.string() << "`, then write it with UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace tocsin::cli
