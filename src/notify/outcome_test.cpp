#include "notify/outcome.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

using Kind = SendOutcome::Kind;

// Which answers end a delivery; all else is tried again for three days.
TEST(HttpOutcome, Table) {
  const std::pair<long, Kind> rows[] = {
      {200, Kind::delivered}, {201, Kind::delivered}, {204, Kind::delivered},
      {299, Kind::delivered}, {301, Kind::retry},     {302, Kind::retry},
      {307, Kind::retry},     {400, Kind::retry},     {401, Kind::retry},
      {403, Kind::retry},     {404, Kind::retry},     {408, Kind::retry},
      {410, Kind::rejected},  {413, Kind::rejected},  {429, Kind::retry},
      {500, Kind::retry},     {502, Kind::retry},     {503, Kind::retry},
      {504, Kind::retry},     {0, Kind::retry},       {100, Kind::retry},
      {999, Kind::retry}};
  for (const auto& [status, kind] : rows) {
    EXPECT_EQ(http_outcome(status), kind) << status;
  }
}

TEST(SmtpOutcome, Table) {
  const std::pair<long, Kind> rows[] = {
      {250, Kind::delivered}, {421, Kind::retry},    {450, Kind::retry}, {451, Kind::retry},
      {452, Kind::retry},     {530, Kind::retry},    {535, Kind::retry}, {550, Kind::rejected},
      {552, Kind::rejected},  {554, Kind::rejected}, {0, Kind::retry},   {354, Kind::retry}};
  for (const auto& [code, kind] : rows) {
    EXPECT_EQ(smtp_outcome(code), kind) << code;
  }
}

TEST(RetryAfter, SecondsAndDatesCappedAtAnHour) {
  const SystemTime now = parse_rfc3339("2026-11-21T14:00:00.25Z").value();
  EXPECT_EQ(parse_retry_after("120", now), Duration(120s));
  EXPECT_EQ(parse_retry_after("  7 \r\n", now), Duration(7s));
  EXPECT_EQ(parse_retry_after("86400", now), Duration(1h));
  EXPECT_EQ(parse_retry_after("99999999999999999999999999", now), Duration(1h));
  EXPECT_EQ(parse_retry_after("Sat, 21 Nov 2026 14:00:30 GMT", now), Duration(30s));
  EXPECT_EQ(parse_retry_after("Sun, 22 Nov 2026 14:00:30 GMT", now), Duration(1h));
}

TEST(RetryAfter, NonsenseAndThePastSayNothing) {
  const SystemTime now = parse_rfc3339("2026-11-21T14:00:00Z").value();
  for (const char* value : {"", " ", "0", "-5", "soon", "Sat, 21 Nov 2020 14:00:30 GMT"}) {
    EXPECT_EQ(parse_retry_after(value, now), std::nullopt) << value;
  }
  EXPECT_EQ(parse_retry_after(std::string(1000, '1'), now), std::nullopt);
}

}  // namespace
}  // namespace tocsin
