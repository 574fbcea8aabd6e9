// read(write(m)) is m: for every valid sample of the golden files and for monitors made by chance,
// as YAML and as JSON.
#include "config/monitor_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "config/config_reader.h"
#include "core/assert.h"
#include "model/field_table.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

ReferenceSource no_references() {
  return {.environment = [](const std::string&) { return std::nullopt; },
          .file = [](const fs::path&) -> Result<std::string> {
            return fail(ErrorKind::forbidden, "no files here");
          }};
}

ConfigReading read_text(const std::string& text) {
  const std::vector<ConfigText> texts = {{"x.yaml", text}};
  return read_config(texts, no_references(), NamesIn::server);
}

std::string under_its_id(const Monitor& monitor, const WrittenValue& definition, bool as_json) {
  WrittenValue monitors, root;
  monitors.add(monitor.id, definition);
  root.add("monitors", monitors);
  return as_json ? json_of(root) : yaml_of(root);
}

void expect_reads_back(const Monitor& monitor) {
  for (const bool as_json : {false, true}) {
    const std::string text =
        under_its_id(monitor, write_definition(monitor, SentBytes::show), as_json);
    const ConfigReading reading = read_text(text);
    std::string told;
    for (const ConfigProblem& problem : reading.problems) {
      told += problem_text(problem);
    }
    ASSERT_TRUE(reading.config) << text << told;
    ASSERT_EQ(reading.config->monitors.size(), 1u) << text;
    Monitor again = reading.config->monitors.front();
    again.project = monitor.project;
    EXPECT_TRUE(same_definition(monitor, again)) << text;
    EXPECT_EQ(json_of(write_definition(again, SentBytes::show)),
              json_of(write_definition(monitor, SentBytes::show)));
  }
}

Monitor monitor_of(const std::string& yaml) {
  const ConfigReading reading = read_text("monitors: { m: " + yaml + " }");
  EXPECT_TRUE(reading.config) << yaml << problem_text(reading.problems.at(0));
  return reading.config ? reading.config->monitors.front() : Monitor();
}

std::string json_of_definition(const std::string& yaml) {
  return json_of(write_definition(monitor_of(yaml), SentBytes::show));
}

TEST(MonitorWriter, EveryValidGoldenFileReadsBack) {
  size_t monitors = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(TOCSIN_SOURCE_DIR) / "tests/golden/config")) {
    if (entry.path().extension() != ".yaml") {
      continue;
    }
    std::ifstream input(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << input.rdbuf();
    const ConfigReading reading = read_text(text.str());
    for (const Monitor& monitor :
         reading.config ? reading.config->monitors : std::vector<Monitor>()) {
      SCOPED_TRACE(entry.path().filename());
      expect_reads_back(monitor);
      ++monitors;
    }
  }
  EXPECT_GT(monitors, 10u) << "the samples are where they are looked for";
}

// The examples of the field table, the shortest way to say each.
TEST(MonitorWriter, WritesOnlyWhatDiffers) {
  EXPECT_EQ(json_of_definition("{ target: 'db:1' }"), R"({"target":"db:1"})");
  EXPECT_EQ(json_of_definition("{ target: 'db:1', name: m, interval: 60s, timeout: 10s, tls: off,"
                               "  retry: none, alert: { after_runs: 1 }, locations: [local] }"),
            R"({"target":"db:1"})");
  EXPECT_EQ(json_of_definition("{ host: db, preset: redis, tls: direct, retry: fixed }"),
            R"({"target":"db:6379","preset":"redis","tls":"direct","retry":"fixed"})");
  EXPECT_EQ(json_of_definition(R"({ target: '[::1]:1', request: "PING\r\n", muted: true })"),
            R"({"target":"[::1]:1","request":[{"send":"PING\\r\\n"}],"muted":true})");
  EXPECT_EQ(json_of_definition("{ target: 'db:1', alert: { locations: { percent: 50 }, "
                               "reminders: { every: 600s, count: 3 } } }"),
            R"({"target":"db:1","alert":{"locations":{"percent":50},)"
            R"("reminders":{"every":"10m","count":3}}})");
}

// A literal brings its family; only another one is worth a word.
TEST(MonitorWriter, LeavesOutTheFamilyOfAnAddress) {
  EXPECT_EQ(json_of_definition("{ target: '[::1]:1', ip_family: ipv6 }"),
            R"({"target":"[::1]:1"})");
  EXPECT_EQ(json_of_definition("{ target: '[::1]:1', ip_family: all }"),
            R"({"target":"[::1]:1","ip_family":"all"})");
  EXPECT_EQ(json_of_definition("{ target: 'db:1', ip_family: ipv6 }"),
            R"({"target":"db:1","ip_family":"ipv6"})");
}

TEST(MonitorWriter, BytesThatAreNoTextGoAsHex) {
  EXPECT_EQ(json_of_definition(R"({ target: 'db:1', request: [ { send: { hex: "00ff" } } ] })"),
            R"({"target":"db:1","request":[{"send":{"hex":"00ff"}}]})");
  EXPECT_EQ(json_of_definition(R"({ target: 'db:1', request: [ { expect: '\xff"' } ] })"),
            R"({"target":"db:1","request":[{"expect":"\\xFF\""}]})");
}

// What a reference stood for is nobody's to read.
TEST(MonitorWriter, HidesBytesButTellsTheirNumber) {
  const Monitor monitor = monitor_of(R"({ target: 'db:1', request: [ { send: "AUTH x\r\n" } ] })");
  EXPECT_EQ(json_of(write_definition(monitor, SentBytes::hide)),
            R"({"target":"db:1","request":[{"send":{"hidden":8}}]})");
}

// A text that only looks like a reference stays a text.
TEST(MonitorWriter, WritesDollarsSoThatTheyStay) {
  Monitor monitor = monitor_of("{ target: 'db:1' }");
  monitor.description = "cost: ${env:HOME} $${x} $$ {";
  monitor.request = {SendStep{"${file:/etc/passwd}"}, ExpectStep{"$${", false, {"^${"}}};
  monitor.tags = {"${a}"};
  expect_reads_back(monitor);
}

// --- monitors by chance

class Chance {
 public:
  explicit Chance(uint64_t seed) : random_(seed) {}
  bool maybe() { return random_() % 2 == 0; }
  int64_t number(int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(random_);
  }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + number(0, static_cast<int64_t>(values.size()) - 1));
  }
  // Pieces that are hard for somebody: YAML, JSON, references, escapes.
  std::string text() {
    std::string out;
    for (int64_t pieces = number(1, 6); pieces > 0; --pieces) {
      out += one_of<std::string>({"a",
                                  "B",
                                  "7",
                                  " ",
                                  ": ",
                                  "#",
                                  "'",
                                  "\"",
                                  "\\",
                                  "${",
                                  "$",
                                  "{",
                                  "}",
                                  "[",
                                  ",",
                                  "\n",
                                  "\t",
                                  "\xc3\xa9",
                                  "\xf0\x9f\x98\x80",
                                  "\xe2\x80\xa8",
                                  "-",
                                  "null",
                                  "%",
                                  "\\x",
                                  "\\n",
                                  "|"});
    }
    return out;
  }
  std::string line() {
    std::string out = text();
    std::erase_if(out, [](char c) { return c == '\n' || c == '\t'; });
    return out.empty() ? "a" : out;
  }
  std::string bytes() {
    std::string out = text();
    if (number(0, 3) == 0) {
      for (int64_t count = number(1, 40); count > 0; --count) {
        out += static_cast<char>(number(0, 255));
      }
    }
    return out;
  }
  std::vector<std::string> texts() {
    std::set<std::string> distinct;
    for (int64_t count = number(0, 4); count > 0; --count) {
      distinct.insert(line().substr(0, 20));
    }
    std::erase_if(distinct, [](const std::string& one) { return !is_valid_text(one); });
    return {distinct.begin(), distinct.end()};
  }
  Duration duration(Duration from, Duration to) {
    return Duration(number(from.count(), to.count()));
  }
  Duration seconds(int64_t from, int64_t to) { return number(from, to) * 1s; }

 private:
  // Cutting may have split a character.
  static bool is_valid_text(const std::string& one) {
    return one.find('\xf0') == std::string::npos && one.find('\xe2') == std::string::npos &&
           one.find('\xc3') == std::string::npos;
  }
  std::mt19937_64 random_;
};

std::vector<Step> some_request(Chance& chance) {
  std::vector<Step> steps;
  for (int64_t count = chance.number(0, 4); count > 0; --count) {
    if (chance.maybe()) {
      steps.emplace_back(SendStep{chance.bytes()});
    } else {
      ExpectStep step{.pattern = chance.bytes(), .is_regex = chance.maybe(), .refuse = {}};
      if (step.is_regex) {
        step.pattern = chance.one_of<std::string>({"^220 ", "a|b\\d+", "\\$\\{", "x{2,3}", "é+"});
      }
      if (chance.maybe()) {
        step.refuse = {"^5", "\\${3}"};
      }
      steps.emplace_back(std::move(step));
    }
  }
  return steps;
}

std::vector<Assertion> some_assertions(Chance& chance) {
  std::vector<Assertion> assertions;
  for (int64_t count = chance.number(0, 4); count > 0; --count) {
    Assertion assertion = *parse_assertion(
        chance.one_of<std::string_view>({"response_time < 200ms", "response_data contains \"x\"",
                                         "cert_days_left > 14", "response_data($.status) == \"ok\"",
                                         "response_data is_empty", "error_code == tcp_refused"}));
    if (assertion.comparison == Comparison::contains) {
      assertion.target = chance.bytes();
    }
    assertions.push_back(std::move(assertion));
  }
  return assertions;
}

AlertPolicy some_alert(Chance& chance) {
  AlertPolicy alert;
  alert.after_runs = static_cast<uint32_t>(chance.number(1, 100));
  if (chance.maybe()) {
    alert.after_minutes = chance.seconds(1, 100'000);
  }
  alert.recover_after_runs = static_cast<uint32_t>(chance.number(1, 3));
  alert.locations = chance.one_of<LocationPolicy>({AnyLocation{}, AtLeast{1}, PercentOf{67}});
  alert.degraded = chance.maybe();
  alert.strict = chance.maybe();
  if (chance.maybe()) {
    alert.reminder_every = chance.seconds(1, 100'000);
    alert.reminder_count = static_cast<uint32_t>(chance.number(1, 10'000));
  }
  if (chance.maybe()) {
    alert.escalate = {{chance.seconds(1, 60), {"a", "b"}}, {chance.seconds(61, 9'000), {"c"}}};
  }
  return alert;
}

RetryPolicy some_retry(Chance& chance) {
  return {.strategy = chance.one_of({RetryStrategy::none, RetryStrategy::single,
                                     RetryStrategy::linear, RetryStrategy::exponential}),
          .base = chance.duration(0us, 600s),
          .max = static_cast<uint32_t>(chance.number(1, 10)),
          .total = chance.duration(1us, 600s),
          .same_location = chance.maybe(),
          .only_network = chance.maybe()};
}

TlsOptions some_tls(Chance& chance) {
  TlsOptions tls;
  tls.mode = chance.one_of({TlsMode::off, TlsMode::direct});
  if (chance.maybe()) {
    tls.server_name = "db.example.com";
    tls.verify = false;
    tls.alpn = {"h2", "http/1.1"};
    tls.certificate_file = "/etc/a b.pem";
    tls.key_file = "/etc/${x}.key";
    tls.ca_file = "/etc/ca.pem";
    tls.min_version = "1.2";
    tls.full_every = 3;
    tls.protocol = "smtp";
  }
  return tls;
}

Monitor some_definition(Chance& chance) {
  Monitor m;
  m.project = "ui";
  m.id = chance.one_of<std::string>({"redis", "a/b#1", "12", "null", "x-1.y_z"});
  m.name = chance.maybe() ? m.id : chance.line();
  m.target = *Target::parse(chance.one_of<std::string_view>(
      {"db.example.com:5432", "10.0.0.1:1", "[2001:db8::1]:25", "unix:/run/a b.sock"}));
  m.preset = chance.one_of<std::string>({"", "redis"});
  const auto& literal = m.target.literal();
  m.ip_family = literal && literal->family == Family::v6 ? IpFamily::ipv6 : IpFamily::ipv4;
  m.ip_family = chance.maybe() ? m.ip_family : chance.one_of({IpFamily::all, IpFamily::automatic});
  m.request = some_request(chance);
  m.tls = some_tls(chance);
  m.assertions = some_assertions(chance);
  m.timeout = chance.duration(100ms, 120s);
  if (chance.maybe()) {
    m.degraded_after = chance.duration(1us, m.timeout / 2);
    m.fail_after = chance.duration(m.timeout / 2, m.timeout);
  }
  m.expect = chance.one_of({Expectation::open, Expectation::closed, Expectation::unreachable});
  m.should_fail = m.expect == Expectation::open && chance.maybe();
  m.interval = chance.duration(1s, 24h);
  m.strategy = chance.one_of({Strategy::parallel, Strategy::round_robin});
  m.retry = some_retry(chance);
  m.alert = some_alert(chance);
  m.channels = chance.texts();
  m.tags = chance.texts();
  m.group = chance.maybe() ? "" : chance.line();
  m.description = chance.maybe() ? "" : chance.text();
  m.runbook = chance.maybe() ? "" : chance.text();
  m.depends_on = chance.texts();
  m.enabled = chance.maybe();
  m.muted = chance.maybe();
  m.close = chance.one_of({CloseMode::fin, CloseMode::rst});
  return m;
}

TEST(MonitorWriter, EveryMonitorReadsBack) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Chance chance(seed);
    SCOPED_TRACE(seed);
    expect_reads_back(some_definition(chance));
    if (testing::Test::HasFailure()) {
      return;
    }
  }
}

// A new row of the field table needs its writer, or the API would lose it on the way.
TEST(MonitorWriter, KnowsEveryRowOfTheFieldTable) {
  const std::set<std::string_view> stand_in_target = {"host", "port", "for_each"};
  for (const Field& field : monitor_fields()) {
    EXPECT_NE(is_written_field(field.name), stand_in_target.contains(field.name)) << field.name;
  }
}

}  // namespace
}  // namespace tocsin
