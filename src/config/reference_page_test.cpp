// docs/config.md is the rendered page, and what it shows is accepted: a reader who copies from it
// must never be told that it is wrong. UPDATE_GOLDEN=1 in the environment rewrites the page.
#include "config/reference_page.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "config/config_reader.h"
#include "config/other_fields.h"
#include "config/reference_table.h"
#include "config/reference_words.h"
#include "core/assert.h"

namespace tocsin {
namespace {

const std::filesystem::path kPage = std::filesystem::path(TOCSIN_SOURCE_DIR) / "docs/config.md";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) {
    lines.push_back(line);
  }
  return lines;
}

// The texts between ```yaml and ```.
std::vector<std::string> yaml_blocks() {
  std::vector<std::string> blocks;
  bool inside = false;
  for (const std::string& line : lines_of(reference_page())) {
    if (line == "```yaml") {
      blocks.emplace_back();
    } else if (inside && line != "```") {
      blocks.back() += line + "\n";
    }
    inside = line == "```yaml" || (inside && line != "```");
  }
  return blocks;
}

std::string told(const std::string& text) {
  const std::vector<ConfigText> texts = {{"config.md", text}};
  const ReferenceSource references = {
      .environment = [](const std::string&) { return "a secret of more than 24 bytes"; },
      .file = [](const std::filesystem::path&) -> Result<std::string> { return "from a file"; }};
  std::string all;
  for (const ConfigProblem& problem : read_config(texts, references).problems) {
    all += problem_text(problem);
  }
  return all;
}

// The last cell of each row of a table, without its backticks.
std::vector<std::string> last_cells(const std::string& table) {
  std::vector<std::string> cells;
  for (const std::string& line : lines_of(table)) {
    const size_t begin = line.rfind("| `");
    if (begin != std::string::npos && line.ends_with("` |")) {
      cells.push_back(line.substr(begin + 3, line.size() - begin - 6));
    }
  }
  return cells;
}

// As the places that show the page make it of a heading.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading.substr(heading.find(' ') + 1)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    const bool upper = c >= 'A' && c <= 'Z';
    anchor += kept       ? std::string(1, c)
              : upper    ? std::string(1, static_cast<char>(c - 'A' + 'a'))
              : c == ' ' ? "-"
                         : "";
  }
  return anchor;
}

TEST(ReferencePage, TheDocumentIsThePage) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(kPage, std::ios::binary) << reference_page();
    return;
  }
  std::ostringstream written;
  written << std::ifstream(kPage, std::ios::binary).rdbuf();
  EXPECT_EQ(written.str(), reference_page());
}

TEST(ReferencePage, TheReaderAcceptsEveryConfigurationOnIt) {
  EXPECT_GE(yaml_blocks().size(), 5U);
  for (const std::string& block : yaml_blocks()) {
    EXPECT_EQ(told(block), "") << block;
  }
}

// An example that shows another word than its row would teach the wrong thing.
TEST(ReferencePage, EveryAssertionIsSoundAndShowsTheWordOfItsRow) {
  const std::vector<std::string> sources = last_cells(source_table());
  const std::vector<std::string> comparisons = last_cells(comparison_table());
  ASSERT_EQ(sources.size(), 10U);
  ASSERT_EQ(comparisons.size(), 16U);
  for (size_t i = 0; i < sources.size(); ++i) {
    const Result<Assertion> assertion = parse_assertion(sources[i]);
    ASSERT_TRUE(assertion) << sources[i] << ": " << assertion.error().message;
    EXPECT_EQ(assertion->source, static_cast<AssertionSource>(i + 1));
  }
  for (size_t i = 0; i < comparisons.size(); ++i) {
    const Result<Assertion> assertion = parse_assertion(comparisons[i]);
    ASSERT_TRUE(assertion) << comparisons[i] << ": " << assertion.error().message;
    EXPECT_EQ(assertion->comparison, static_cast<Comparison>(i + 1));
  }
}

TEST(ReferencePage, EveryLinkWithinItLeadsToAHeading) {
  std::set<std::string> anchors;
  const std::string page = reference_page();
  for (const std::string& line : lines_of(page)) {
    if (line.starts_with('#')) {
      EXPECT_TRUE(anchors.insert(anchor_of(line)).second) << line;
    }
  }
  size_t links = 0;
  for (size_t at = page.find("](#"); at != std::string::npos; at = page.find("](#", at + 1)) {
    const std::string anchor = page.substr(at + 3, page.find(')', at) - at - 3);
    EXPECT_TRUE(anchors.contains(anchor)) << anchor;
    ++links;
  }
  EXPECT_GT(links, 20U);
}

// A table that nobody put on the page would be a part of the configuration without a reference.
TEST(ReferencePage, HasEveryFieldTable) {
  const std::string page = reference_page();
  for (const auto fields :
       {root_fields(),       project_fields(),   monitor_fields(), retry_fields(),
        alert_fields(),      tls_fields(),       step_fields(),    send_fields(),
        expect_fields(),     assertion_fields(), quorum_fields(),  reminder_fields(),
        escalation_fields(), channel_fields(),   smtp_fields(),    server_fields(),
        retention_fields(),  reach_fields(),     dns_fields(),     rate_limit_fields()}) {
    EXPECT_NE(page.find(field_table(fields)), std::string::npos) << fields.front().name;
  }
}

TEST(FieldTable, SaysWhatARowDemands) {
  const std::vector<Field> rows = {{.name = "wait",
                                    .type = FieldType::duration,
                                    .unit = "us",
                                    .default_text = "10s",
                                    .min = 100'000,
                                    .max = 120'000'000,
                                    .help = "How long.",
                                    .example = "5s"},
                                   {.name = "how",
                                    .type = FieldType::choice,
                                    .choices = "a|b",
                                    .required = true,
                                    .help = "Way."}};
  EXPECT_EQ(field_table(rows),
            "| field | meaning | type | default | limits, choices | example |\n"
            "|---|---|---|---|---|---|\n"
            "| `wait` | How long. | [duration](#durations) | `10s` | 100ms to 2m | `5s` |\n"
            "| `how` | Way. | word | required | `a`, `b` | - |\n");
}

// A bar would end the cell in the middle of a pattern.
TEST(FieldTable, EscapesBarsInCells) { EXPECT_EQ(table_row({"`a|b`", ""}), "| `a\\|b` | - |\n"); }

}  // namespace
}  // namespace tocsin
