#include "log.h"

#include <gtest/gtest.h>

#include "config_log.h"

namespace tocsin {
namespace {

// One event is one line, whatever a value holds: a log that can be forged proves nothing.
TEST(Log, KeepsOneLineWhateverTheValue) {
  EXPECT_EQ(Log::line(false, "stopping", {{"why", "a\nb"}}), R"(stopping why=a\nb)");
  EXPECT_EQ(Log::line(true, "stopping", {{"why", "a\nb"}}), R"("event":"stopping","why":"a\\nb")");
}

// Reasons quote foreign bytes already escaped; people read them here, so once is enough.
TEST(Log, EscapesOnce) {
  EXPECT_EQ(Log::line(false, "down", {{"reason", R"(got\r\n)"}}), R"(down reason=got\r\n)");
}

// Values with spaces, and empty ones, are quoted so that a reader sees where they end.
TEST(Log, QuotesWhatWouldBeReadAsSeveralWords) {
  EXPECT_EQ(Log::line(false, "started", {{"data", "/var/my data"}, {"monitors", "3"}, {"x", ""}}),
            R"(started data="/var/my data" monitors=3 x="")");
}

// A watched service chooses the bytes that are quoted in a reason; it must not write our fields.
TEST(Log, AValueCannotPassForAnotherField) {
  EXPECT_EQ(Log::line(false, "down", {{"reason", R"(got "x" incident=FAKE)"}, {"tells", "a=b"}}),
            R"(down reason="got \"x\" incident=FAKE" tells="a=b")");
}

// People search the log for file and line.
TEST(Log, NamesThePlaceOfAConfigurationProblem) {
  const ConfigProblem problem{.file = "a.yaml",
                              .line = 3,
                              .column = 5,
                              .message = "port must be 1-65535, got 0",
                              .hint = "write a port"};
  EXPECT_EQ(problem_line(problem), "a.yaml:3:5: port must be 1-65535, got 0; write a port");
}

// A file that is not there has no line, and "0:0" is a place that nobody finds.
TEST(Log, AProblemOfAWholeFileHasNoLine) {
  const ConfigProblem problem{.file = "a.yaml", .message = "there is no such file"};
  EXPECT_EQ(problem_line(problem), "a.yaml: there is no such file");
}

}  // namespace
}  // namespace tocsin
