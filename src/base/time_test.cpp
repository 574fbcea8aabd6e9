#include "base/time.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/bytes.h"

namespace tocsin {
namespace {

using namespace std::string_literals;

template <class T>
std::string message_of(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  if (result.has_value()) {
    return "";
  }
  EXPECT_EQ(result.error().kind, ErrorKind::invalid_input);
  return result.error().message;
}

constexpr const char* kDurationHelp = " (write for example 250ms, 5s, 1m30s, 2h)";

// --- parse_duration

TEST(ParseDuration, ReadsEachUnit) {
  EXPECT_EQ(parse_duration("7us").value(), 7us);
  EXPECT_EQ(parse_duration("250ms").value(), 250ms);
  EXPECT_EQ(parse_duration("5s").value(), 5s);
  EXPECT_EQ(parse_duration("3m").value(), 3min);
  EXPECT_EQ(parse_duration("2h").value(), 2h);
  EXPECT_EQ(parse_duration("35d").value(), 35 * 24h);
  EXPECT_EQ(parse_duration("2y").value(), 2 * 365 * 24h);
}

TEST(ParseDuration, ReadsSeveralUnitsFromLargeToSmall) {
  EXPECT_EQ(parse_duration("1m30s").value(), 90s);
  EXPECT_EQ(parse_duration("1y1d1h1m1s1ms1us").value(),
            365 * 24h + 24h + 1h + 1min + 1s + 1ms + 1us);
}

TEST(ParseDuration, ReadsDecimalFractions) {
  EXPECT_EQ(parse_duration("0.5s").value(), 500ms);
  EXPECT_EQ(parse_duration("1.5h").value(), 90min);
  EXPECT_EQ(parse_duration("0.1s").value(), 100ms);
  EXPECT_EQ(parse_duration("4.8ms").value(), 4800us);
}

TEST(ParseDuration, ZeroIsADuration) { EXPECT_EQ(parse_duration("0s").value(), 0s); }

TEST(ParseDuration, AsksForTheUnitOfABareNumber) {
  EXPECT_EQ(
      message_of(parse_duration("5")),
      "\"5\" is not a duration: the unit is missing; did you mean 5s or 5ms?"s + kDurationHelp);
  EXPECT_EQ(message_of(parse_duration("1m30")),
            "\"1m30\" is not a duration: the unit is missing; did you mean 1m30s or 1m30ms?"s +
                kDurationHelp);
}

TEST(ParseDuration, NamesTheUnitsItKnows) {
  const std::string why = " is not a duration: the units are us, ms, s, m, h, d and y"s;
  for (const char* text : {"5w", "5sec", "5S", "5 s", "1,5s", "5s ", "5µs", "5h 3m"}) {
    EXPECT_TRUE(message_of(parse_duration(text)).find("is not a duration: ") != std::string::npos)
        << text;
  }
  EXPECT_EQ(message_of(parse_duration("5w")), "\"5w\"" + why + kDurationHelp);
  EXPECT_EQ(message_of(parse_duration("5S")), "\"5S\"" + why + kDurationHelp);
}

TEST(ParseDuration, RefusesWhatDoesNotBeginWithANumber) {
  for (const char* text : {"s", "-5s", "+5s", " 5s", "5ss", "1.2.3s", ".s", "infs", "nan"}) {
    EXPECT_FALSE(parse_duration(text).has_value()) << text;
  }
  EXPECT_EQ(message_of(parse_duration("-5s")),
            "\"-5s\" is not a duration: a number followed by a unit is expected"s + kDurationHelp);
  EXPECT_EQ(message_of(parse_duration("")), "\"\" is not a duration: it is empty"s + kDurationHelp);
}

TEST(ParseDuration, RefusesUnitsOutOfOrderOrTwice) {
  for (const char* text : {"30s1m", "1s1s", "1ms1s"}) {
    EXPECT_EQ(message_of(parse_duration(text)), "\"" + std::string(text) +
                                                    "\" is not a duration: units go from large to "
                                                    "small, each once" +
                                                    kDurationHelp);
  }
}

TEST(ParseDuration, EndsAtAThousandYears) {
  EXPECT_EQ(parse_duration("1000y").value(), 1000 * 365 * 24h);
  for (const char* text : {"1001y", "1000y1us", "999999999999999999999s"}) {
    EXPECT_EQ(message_of(parse_duration(text)),
              "\"" + std::string(text) + "\" is not a duration: it is longer than 1,000 years" +
                  kDurationHelp);
  }
}

// What a user pasted by mistake is shown cut and harmless.
TEST(ParseDuration, ShowsBadTextSafely) {
  EXPECT_TRUE(message_of(parse_duration("\x1B[31m\xFF")).starts_with(R"("\x1B[31m\xFF" is not)"));
  EXPECT_LT(message_of(parse_duration(std::string(100'000, '7'))).size(), 300U);
  EXPECT_TRUE(is_valid_utf8(message_of(parse_duration(std::string(39, 'x') + "ддд"))));
}

// --- duration_text

TEST(DurationText, IsWhatPeopleWouldWrite) {
  EXPECT_EQ(duration_text(0s), "0s");
  EXPECT_EQ(duration_text(250ms), "250ms");
  EXPECT_EQ(duration_text(90s), "1m30s");
  EXPECT_EQ(duration_text(2h), "2h");
  EXPECT_EQ(duration_text(35 * 24h), "35d");
  EXPECT_EQ(duration_text(400 * 24h), "400d");
  EXPECT_EQ(duration_text(1us), "1us");
}

TEST(DurationText, ReadsBackExactly) {
  std::mt19937_64 random(20268);
  for (int round = 0; round < 5000; ++round) {
    const Duration value(static_cast<int64_t>(random() >> (9 + random() % 55)));
    if (value <= 1000 * 365 * 24h) {
      ASSERT_EQ(parse_duration(duration_text(value)).value(), value) << value.count();
    }
  }
}

TEST(DurationText, NegativeHasASign) {
  EXPECT_EQ(duration_text(-90s), "-1m30s");
  EXPECT_EQ(duration_text(Duration::min()), "-106751991d4h54s775ms808us");
}

// --- human_duration

TEST(HumanDuration, ShowsThreeDigits) {
  EXPECT_EQ(human_duration(0us), "0 µs");
  EXPECT_EQ(human_duration(312us), "312 µs");
  EXPECT_EQ(human_duration(4800us), "4.80 ms");
  EXPECT_EQ(human_duration(48ms), "48.0 ms");
  EXPECT_EQ(human_duration(480ms), "480 ms");
  EXPECT_EQ(human_duration(1240ms), "1.24 s");
  EXPECT_EQ(human_duration(10s), "10.0 s");
}

TEST(HumanDuration, ShowsTwoUnitsFromAMinuteOn) {
  EXPECT_EQ(human_duration(1min), "1 min");
  EXPECT_EQ(human_duration(4min + 12s), "4 min 12 s");
  EXPECT_EQ(human_duration(2h + 3min), "2 h 3 min");
  EXPECT_EQ(human_duration(5 * 24h + 2h), "5 d 2 h");
  EXPECT_EQ(human_duration(24h), "1 d");
}

// Rounding never shows a number that belongs to the next unit: no "1000 ms", no "60.0 s".
TEST(HumanDuration, RoundsIntoTheNextUnit) {
  EXPECT_EQ(human_duration(999us), "999 µs");
  EXPECT_EQ(human_duration(9994us), "9.99 ms");
  EXPECT_EQ(human_duration(9996us), "10.0 ms");
  EXPECT_EQ(human_duration(99'960us), "100 ms");
  EXPECT_EQ(human_duration(999'400us), "999 ms");
  EXPECT_EQ(human_duration(999'600us), "1.00 s");
  EXPECT_EQ(human_duration(59'940ms), "59.9 s");
  EXPECT_EQ(human_duration(59'960ms), "1 min");
}

TEST(HumanDuration, NegativeHasASign) {
  EXPECT_EQ(human_duration(-5ms), "-5.00 ms");
  EXPECT_EQ(human_duration(Duration::min()), "-106751991 d 4 h");
}

// --- RFC 3339

SystemTime at(const char* text) { return parse_rfc3339(text).value(); }

TEST(Rfc3339, WritesUtc) {
  EXPECT_EQ(rfc3339(SystemTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(SystemTime(1'795'269'800'123'456us)), "2026-11-21T14:03:20.123Z");
  EXPECT_EQ(rfc3339_us(SystemTime(1'795'269'800'123'456us)), "2026-11-21T14:03:20.123456Z");
}

// The milliseconds are cut, not rounded, so that a shown time is never in the future.
TEST(Rfc3339, CutsMilliseconds) {
  EXPECT_EQ(rfc3339(SystemTime(999'999us)), "1970-01-01T00:00:00.999Z");
}

TEST(Rfc3339, WritesTimesBefore1970) {
  EXPECT_EQ(rfc3339_us(SystemTime(-1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, ReadsBackWhatItWrote) {
  std::mt19937_64 random(20269);
  for (int round = 0; round < 2000; ++round) {
    const SystemTime time(Duration(static_cast<int64_t>(random() % 253'402'300'800'000'000)));
    ASSERT_EQ(parse_rfc3339(rfc3339_us(time)).value(), time) << rfc3339_us(time);
  }
}

TEST(ParseRfc3339, ReadsAnyOffset) {
  const SystemTime noon = at("2026-11-21T12:00:00Z");
  EXPECT_EQ(at("2026-11-21T15:00:00+03:00"), noon);
  EXPECT_EQ(at("2026-11-21T06:30:00-05:30"), noon);
  EXPECT_EQ(at("2026-11-22T02:00:00+14:00"), noon);
  EXPECT_EQ(at("2026-11-21T12:00:00-00:00"), noon);
}

TEST(ParseRfc3339, ReadsTheLooserFormsOfTheRfc) {
  EXPECT_EQ(at("2026-11-21t12:00:00z"), at("2026-11-21T12:00:00Z"));
  EXPECT_EQ(at("2026-11-21 12:00:00Z"), at("2026-11-21T12:00:00Z"));
}

TEST(ParseRfc3339, KeepsMicrosecondsOfTheFraction) {
  const SystemTime second = at("2026-11-21T12:00:00Z");
  EXPECT_EQ(at("2026-11-21T12:00:00.5Z"), second + 500ms);
  EXPECT_EQ(at("2026-11-21T12:00:00.000001Z"), second + 1us);
  EXPECT_EQ(at("2026-11-21T12:00:00.123456789Z"), second + 123'456us);
}

// RFC 3339 5.6 allows second 60; we have no such moment and take the next.
TEST(ParseRfc3339, LeapSecondIsTheNextSecond) {
  EXPECT_EQ(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
}

TEST(ParseRfc3339, KnowsTheCalendar) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z").has_value());
  EXPECT_TRUE(parse_rfc3339("2000-02-29T00:00:00Z").has_value());
  for (const char* text :
       {"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
}

TEST(ParseRfc3339, RefusesWhatIsNotATime) {
  for (const char* text :
       {"", "now", "2026-11-21", "2026-11-21T14:03:20", "2026-11-21T14:03Z", "2026-11-21T24:00:00Z",
        "2026-11-21T14:60:00Z", "2026-11-21T14:03:61Z", "2026-11-21T14:03:20.Z",
        "2026-11-21T14:03:20.", "2026-11-21T14:03:20.1234567890Z", "2026-11-21T14:03:20+0300",
        "2026-11-21T14:03:20+24:00", "2026-11-21T14:03:20+03:60", "2026-11-21T14:03:20Zx",
        "2026-11-21_14:03:20Z", "+026-11-21T14:03:20Z", "1795269800"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
  EXPECT_EQ(message_of(parse_rfc3339("yesterday")),
            "\"yesterday\" is not a time (write RFC 3339, for example 2026-11-21T14:03:20Z)");
}

TEST(ParseRfc3339, ShowsBadTextSafely) {
  EXPECT_TRUE(message_of(parse_rfc3339("\x1B\xFF")).starts_with(R"("\x1B\xFF" is not a time)"));
}

}  // namespace
}  // namespace tocsin
