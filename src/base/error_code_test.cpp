#include "base/error_code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace tocsin {
namespace {

// --- phases

TEST(PhaseName, ReadsBack) {
  for (const Phase phase : {Phase::dns, Phase::connect, Phase::tls, Phase::data}) {
    EXPECT_EQ(phase_from_name(phase_name(phase)), phase);
  }
  EXPECT_EQ(phase_name(Phase::connect), "connect");
}

TEST(PhaseName, OtherWordsAreNoPhase) {
  EXPECT_EQ(phase_from_name(""), std::nullopt);
  EXPECT_EQ(phase_from_name("DNS"), std::nullopt);
}

// --- the table

// Numbers are on disk and names are API: this list only ever grows at its end.
TEST(ErrorTable, NumbersAndNamesNeverChange) {
  constexpr std::array names = {"host_not_found",      "no_address_of_family", "dns_timeout",
                                "dns_failed",          "tcp_refused",          "timeout",
                                "network_unreachable", "host_unreachable",     "admin_prohibited",
                                "conn_reset",          "closed_early",         "tls_handshake",
                                "tls_untrusted",       "tls_expired",          "tls_not_yet_valid",
                                "tls_name_mismatch",   "tls_version",          "starttls_refused",
                                "expect_mismatch",     "assertion_failed",     "too_slow",
                                "unexpected_open",     "local_resource",       "self_offline",
                                "resolver_down",       "agent_lost",           "overloaded",
                                "reach_denied",        "proxy_failed",         "tls_revoked"};
  ASSERT_EQ(error_table().size(), names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(error_table()[i].name, names[i]);
    EXPECT_EQ(static_cast<size_t>(error_table()[i].code), i + 1);
  }
}

TEST(ErrorTable, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const ErrorInfo& row : error_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
  }
}

TEST(ErrorTable, EveryCodeIsFoundByNumberAndByName) {
  for (const ErrorInfo& row : error_table()) {
    EXPECT_EQ(&error_info(row.code), &row);
    EXPECT_EQ(error_name(row.code), row.name);
    EXPECT_EQ(error_from_name(row.name), row.code);
    EXPECT_EQ(error_from_number(static_cast<int64_t>(row.code)), row.code);
  }
}

TEST(ErrorTable, UnknownNamesAndNumbersAreNothing) {
  for (const char* name : {"", "ok", "TIMEOUT", "timeout ", "tcp_refuse"}) {
    EXPECT_EQ(error_from_name(name), std::nullopt) << name;
  }
  for (const int64_t number : {INT64_MIN, int64_t{-1}, int64_t{0}, int64_t{31}, int64_t{257}}) {
    EXPECT_EQ(error_from_number(number), std::nullopt) << number;
  }
}

// People read these in a message at night: whole sentences, short enough for one line.
TEST(ErrorTable, SaysEveryErrorInPlainSentences) {
  for (const ErrorInfo& row : error_table()) {
    for (const std::string_view text : {row.sentence, row.hint}) {
      ASSERT_FALSE(text.empty()) << row.name;
      EXPECT_TRUE(text.front() >= 'A' && text.front() <= 'Z') << text;
      EXPECT_EQ(text.back(), '.') << text;
      EXPECT_LE(text.size(), 120U) << text;
    }
    EXPECT_EQ(std::ranges::count(row.sentence, '.'), 1) << row.sentence;
  }
}

// --- what each side means

std::string names_of(ErrorSide side) {
  std::string names;
  for (const ErrorInfo& row : error_table()) {
    if (row.side == side) {
      names += std::string(row.name) + ' ';
    }
  }
  return names;
}

// `unknown` instead of `failed`: the target is not accused of what went wrong here.
TEST(ErrorSide, OursAreTheOnesThatMakeTheVerdictUnknown) {
  EXPECT_EQ(names_of(ErrorSide::ours),
            "local_resource self_offline resolver_down agent_lost overloaded reach_denied "
            "proxy_failed ");
}

TEST(ErrorSide, NetworkErrorsAreWorthARetryOnlyOnNetwork) {
  EXPECT_EQ(names_of(ErrorSide::network),
            "host_not_found no_address_of_family dns_timeout dns_failed tcp_refused timeout "
            "network_unreachable host_unreachable admin_prohibited conn_reset closed_early ");
}

TEST(ErrorSide, TheServiceAnsweredInTheRest) {
  EXPECT_EQ(
      names_of(ErrorSide::service),
      "tls_handshake tls_untrusted tls_expired tls_not_yet_valid tls_name_mismatch tls_version "
      "starttls_refused expect_mismatch assertion_failed too_slow unexpected_open "
      "tls_revoked ");
}

// --- the page

// Notices and pages link to docs/errors.md#NAME, so each code has its heading, and a heading of no
// code would explain an error that nobody can meet.
TEST(ErrorPage, HasOneHeadingForEachCodeAndNoOther) {
  std::ifstream page(TOCSIN_SOURCE_DIR "/docs/errors.md");
  std::vector<std::string> headings;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) {
      headings.push_back(line.substr(3));
    }
  }
  std::vector<std::string> names;
  for (const ErrorInfo& row : error_table()) {
    names.emplace_back(row.name);
  }
  std::ranges::sort(headings);
  std::ranges::sort(names);
  EXPECT_EQ(headings, names);
}

// --- the words of others

TEST(TrackerStatus, KnowsOneWordForAllNameTrouble) {
  for (const ErrorCode code : {ErrorCode::host_not_found, ErrorCode::no_address_of_family,
                               ErrorCode::dns_timeout, ErrorCode::dns_failed}) {
    EXPECT_EQ(error_info(code).tracker_status, "host_not_found");
  }
}

TEST(TrackerStatus, CallsEveryUnreachableATimeout) {
  for (const ErrorCode code : {ErrorCode::timeout, ErrorCode::network_unreachable,
                               ErrorCode::host_unreachable, ErrorCode::admin_prohibited}) {
    EXPECT_EQ(error_info(code).tracker_status, "timeout");
  }
}

TEST(TrackerStatus, IsOurNameForTheRestAndEmptyForOurOwnTrouble) {
  EXPECT_EQ(error_info(ErrorCode::tcp_refused).tracker_status, "tcp_refused");
  for (const ErrorInfo& row : error_table().subspan(9)) {
    EXPECT_EQ(row.tracker_status, row.side == ErrorSide::ours ? "" : row.name);
  }
}

TEST(ChecklyCode, IsWhatCheckersCallIt) {
  const auto checkly = [](ErrorCode code) { return error_info(code).checkly_code; };
  EXPECT_EQ(checkly(ErrorCode::host_not_found), "ENOTFOUND");
  EXPECT_EQ(checkly(ErrorCode::no_address_of_family), "ENOTFOUND");
  EXPECT_EQ(checkly(ErrorCode::dns_timeout), "EAI_AGAIN");
  EXPECT_EQ(checkly(ErrorCode::dns_failed), "EAI_AGAIN");
  EXPECT_EQ(checkly(ErrorCode::tcp_refused), "ECONNREFUSED");
  EXPECT_EQ(checkly(ErrorCode::timeout), "SOCKET_TIMEOUT");
  EXPECT_EQ(checkly(ErrorCode::network_unreachable), "ENETUNREACH");
  EXPECT_EQ(checkly(ErrorCode::host_unreachable), "EHOSTUNREACH");
  EXPECT_EQ(checkly(ErrorCode::admin_prohibited), "EHOSTUNREACH");
  EXPECT_EQ(checkly(ErrorCode::conn_reset), "ECONNRESET");
  EXPECT_EQ(checkly(ErrorCode::closed_early), "ECONNRESET");
}

TEST(ChecklyCode, IsOurNameForTlsAndEmptyAfterIt) {
  for (const ErrorInfo& row : error_table().subspan(11)) {
    EXPECT_EQ(row.checkly_code, row.phase == Phase::tls ? row.name : "") << row.name;
  }
}

}  // namespace
}  // namespace tocsin
