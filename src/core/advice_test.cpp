#include "core/advice.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

Monitor usual() {
  Monitor monitor;
  monitor.target = *Target::parse("db.example.com:5432");
  monitor.channels = {"ops"};
  return monitor;
}

std::vector<std::string> fields_of(const Monitor& monitor) {
  std::vector<std::string> fields;
  for (const Advice& one : advise(monitor)) {
    fields.push_back(one.field);
  }
  return fields;
}

using Fields = std::vector<std::string>;

// Advice on everything is advice on nothing: a usual monitor gets none.
TEST(Advise, IsSilentAboutAUsualMonitor) { EXPECT_EQ(fields_of(usual()), Fields{}); }

TEST(Advise, NamesWhatIsPerhapsNotMeant) {
  Monitor monitor = usual();
  monitor.target = *Target::parse("mail.example.com:25");
  EXPECT_EQ(fields_of(monitor), (Fields{"target"}));
  monitor = usual();
  monitor.target = *Target::parse("www.example.com:443");
  EXPECT_EQ(fields_of(monitor), (Fields{"tls"}));
  monitor.tls.mode = TlsMode::direct;
  EXPECT_EQ(fields_of(monitor), Fields{});
  monitor.tls.verify = false;
  EXPECT_EQ(fields_of(monitor), (Fields{"tls"}));
  monitor = usual();
  monitor.assertions = {{.source = AssertionSource::cert_days_left,
                         .property = {},
                         .comparison = Comparison::greater_than,
                         .target = "5"}};
  EXPECT_EQ(fields_of(monitor), (Fields{"assert"}));
  monitor.tls.mode = TlsMode::direct;
  EXPECT_EQ(fields_of(monitor), Fields{});
  monitor = usual();
  monitor.interval = monitor.timeout;
  EXPECT_EQ(fields_of(monitor), Fields{});
  monitor.interval = monitor.timeout - 1s;
  EXPECT_EQ(fields_of(monitor), (Fields{"timeout"}));
  monitor = usual();
  monitor.channels.clear();
  EXPECT_EQ(fields_of(monitor), (Fields{"channels"}));
  monitor.muted = true;
  EXPECT_EQ(fields_of(monitor), Fields{});
}

// It is cheap and unseen, and it is less than it seems.
TEST(Advise, SaysWhatAQuietCheckProves) {
  Monitor monitor = usual();
  monitor.close = CloseMode::quiet;
  ASSERT_EQ(fields_of(monitor), (Fields{"close"}));
  EXPECT_NE(advise(monitor)[0].message.find("SYN scan"), std::string::npos);
  monitor.request = {SendStep{"PING\r\n"}};
  ASSERT_EQ(fields_of(monitor), (Fields{"close"}));
  EXPECT_NE(advise(monitor)[0].message.find("(fin)"), std::string::npos);
  monitor.expect = Expectation::closed;
  EXPECT_NE(advise(monitor)[0].message.find("SYN scan"), std::string::npos) << "nothing is said";
  monitor = usual();
  monitor.close = CloseMode::quiet;
  monitor.target = *Target::parse("unix:/run/app.sock");
  EXPECT_NE(advise(monitor)[0].message.find("(fin)"), std::string::npos) << "it is always seen";
}

// A hundred such checks lock the host out, with all that runs on it.
TEST(Advise, WarnsOfWhatMysqlCounts) {
  Monitor monitor = usual();
  monitor.target = *Target::parse("db.example.com:3306");
  ASSERT_EQ(fields_of(monitor), (Fields{"close"}));
  EXPECT_NE(advise(monitor)[0].message.find("max_connect_errors"), std::string::npos);
  monitor.request = {ExpectStep{"x", false, {}}};
  EXPECT_EQ(fields_of(monitor), Fields{});
  monitor.request.clear();
  monitor.close = CloseMode::quiet;
  EXPECT_NE(advise(monitor)[0].message.find("SYN scan"), std::string::npos);
  monitor = usual();
  monitor.preset = "mysql";
  EXPECT_EQ(fields_of(monitor), (Fields{"close"})) << "on another port";
}

// What a person reads before saving.
TEST(MonitorSentence, SaysWhatWillHappen) {
  Monitor monitor = usual();
  EXPECT_EQ(monitor_sentence(monitor),
            "Connects to db.example.com:5432 every 1m; an attempt takes at most 10s. "
            "Tells ops at the first bad run.");
  monitor.ip_family = IpFamily::all;
  EXPECT_EQ(monitor_sentence(monitor),
            "Connects to db.example.com:5432 every 1m; an attempt takes at most 10s at each "
            "address. Tells ops at the first bad run.");
  monitor.ip_family = IpFamily::ipv4;
  monitor.tls.mode = TlsMode::direct;
  monitor.request = {SendStep{"PING\r\n"}, ExpectStep{.pattern = "+"}};
  monitor.assertions.resize(2);
  monitor.alert.after_runs = 3;
  monitor.alert.after_minutes = 5min;
  monitor.channels = {"ops", "mail", "boss"};
  EXPECT_EQ(monitor_sentence(monitor),
            "Connects to db.example.com:5432 every 1m, speaks TLS, sends 6 bytes, waits for 1 "
            "answer and checks 2 assertions; an attempt takes at most 10s. "
            "Tells ops, mail and boss after 3 bad runs in a row or 5m of trouble.");
  monitor = usual();
  monitor.proxy = parse_proxy("socks5://probe:s3cret@proxy:1080").value();
  EXPECT_TRUE(monitor_sentence(monitor).starts_with(
      "Connects to db.example.com:5432 through the proxy proxy:1080 every 1m;"));
  monitor = usual();
  monitor.expect = Expectation::closed;
  monitor.channels.clear();
  monitor.enabled = false;
  EXPECT_EQ(monitor_sentence(monitor),
            "Is kept but not checked. Once enabled: Connects to db.example.com:5432 every 1m; an "
            "attempt takes at most 10s. Good is a refused connection. Nobody is told.");
}

}  // namespace
}  // namespace tocsin
