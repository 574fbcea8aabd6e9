#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "base/scratch_folder.h"
#include "config/config_reader.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// A folder of its own that goes away with the test.
class ConfigFiles : public testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& text) const {
    return folder_.file(name, text);
  }
  ConfigReading read(const std::vector<fs::path>& paths) {
    return read_config_paths(paths, process_references());
  }

  ScratchFolder folder_;
};

std::vector<std::string> ids(const ConfigReading& reading) {
  std::vector<std::string> found;
  for (const Monitor& monitor :
       reading.config ? reading.config->monitors : std::vector<Monitor>{}) {
    found.push_back(monitor.id);
  }
  return found;
}

// Sorted, so that the same folder always gives the same order; editors' copies are left out.
TEST_F(ConfigFiles, AFolderIsReadSortedAndWithoutHiddenFiles) {
  write("b.yml", "monitors: { b: { target: \"h:1\" } }\n");
  write("a/c.yaml", "monitors: { c: { target: \"h:1\" } }\n");
  write("a/.c.yaml", "monitors: { hidden: { target: \"h:1\" } }\n");
  write("..data/c.yaml", "monitors: { hidden2: { target: \"h:1\" } }\n");
  write("notes.txt", "not yaml: [");
  EXPECT_EQ(ids(read({folder_.path()})), (std::vector<std::string>{"c", "b"}));
}

// A folder and a file in it, both given: nothing is defined twice.
TEST_F(ConfigFiles, AFileGivenTwiceIsReadOnce) {
  const fs::path file = write("a.yaml", "monitors: { a: { target: \"h:1\" } }\n");
  EXPECT_EQ(ids(read({folder_.path(), file, file})), std::vector<std::string>{"a"});
}

TEST_F(ConfigFiles, UnreadablePathsAreProblems) {
  const auto message = [&](const fs::path& path) {
    const ConfigReading reading = read({path});
    return reading.problems.empty() ? "" : problem_text(reading.problems[0]);
  };
  const fs::path none = folder_.path() / "none.yaml";
  EXPECT_EQ(message(none), none.string() + ": error: there is no such file\n");
  EXPECT_EQ(message(folder_.path()),
            folder_.path().string() + ": error: the folder has no file ending in .yaml or .yml\n");
  EXPECT_EQ(message("/dev/zero"), "/dev/zero: error: this is not a regular file\n");
  const fs::path large = write("large.yaml", std::string(kConfigBytesMax + 1, '#'));
  EXPECT_EQ(message(large), large.string() + ": error: the file has more than 16777216 bytes\n");
}

// How secrets are mounted: a file with one newline too many.
TEST_F(ConfigFiles, FileReferencesDropOneNewline) {
  const ReferenceSource references = process_references();
  EXPECT_EQ(references.file(write("secret", "hunter2\n\n")), "hunter2\n");
  EXPECT_EQ(references.file(write("plain", "hunter2")), "hunter2");
  const Result<std::string> large = references.file(write("big", std::string(65537, 'x')));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().message,
            (folder_.path() / "big").string() + ": the file has more than 65536 bytes");
}

}  // namespace
}  // namespace tocsin
