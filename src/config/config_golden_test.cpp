// Every kind of mistake with its exact message: tests/golden/config/CASE.yaml (or a folder CASE of
// several files) gives CASE.out. UPDATE_GOLDEN=1 in the environment rewrites the answers; the
// difference is reviewed like code.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/config_reader.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(TOCSIN_SOURCE_DIR) / "tests/golden/config";

std::string content_of(const fs::path& path) {
  std::ifstream input(path, std::ios::binary);
  std::ostringstream text;
  text << input.rdbuf();
  return text.str();
}

// One secret and one plain value; nothing of the machine the test runs on.
ReferenceSource fixed_references() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            if (name == "SHORT_SECRET") {
              return "tr0ub4dor";
            }
            if (name == "BAD_TARGET") {
              return "https://hunter2.example.com";
            }
            return std::nullopt;
          },
          .file = [](const fs::path& path) -> Result<std::string> {
            return fail(ErrorKind::not_found, path.string() + ": there is no such file");
          }};
}

std::vector<ConfigText> texts_of(const std::string& name) {
  std::vector<fs::path> files;
  if (fs::is_directory(kFolder / name)) {
    for (const auto& entry : fs::directory_iterator(kFolder / name)) {
      files.push_back(entry.path());
    }
  } else {
    files.push_back(kFolder / (name + ".yaml"));
  }
  std::ranges::sort(files);
  std::vector<ConfigText> texts;
  texts.reserve(files.size());
  for (const fs::path& file : files) {
    texts.push_back({file.filename().string(), content_of(file)});
  }
  return texts;
}

std::string answer_to(const std::vector<ConfigText>& texts) {
  const ConfigReading reading = read_config(texts, fixed_references());
  std::string answer;
  for (const ConfigProblem& problem : reading.problems) {
    answer += problem_text(problem);
  }
  answer += reading.config ? "accepted:" : "refused\n";
  if (reading.config) {
    for (const Monitor& monitor : reading.config->monitors) {
      answer += " " + monitor.id + "=" + monitor.target.text();
    }
    answer += "\n";
  }
  return answer;
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.is_directory() || entry.path().extension() == ".yaml") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

class ConfigGolden : public testing::TestWithParam<std::string> {};

TEST_P(ConfigGolden, AnswersAsWritten) {
  const std::string answer = answer_to(texts_of(GetParam()));
  const fs::path expected = kFolder / (GetParam() + ".out");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(expected, std::ios::binary) << answer;
    return;
  }
  EXPECT_EQ(answer, content_of(expected));
}

INSTANTIATE_TEST_SUITE_P(Cases, ConfigGolden, testing::ValuesIn(cases()),
                         [](const auto& test_case) { return test_case.param; });

}  // namespace
}  // namespace tocsin
