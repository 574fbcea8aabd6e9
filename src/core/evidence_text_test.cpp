#include "core/evidence_text.h"

#include <gtest/gtest.h>

#include <span>

namespace tocsin {
namespace {

IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }
SocketAddress at(std::string_view address, uint16_t port) {
  return {.ip = ip(address), .port = port};
}
IcmpNotice hop_said(std::string_view from) { return {.from = ip(from), .type = 11}; }
Knock knock(std::string_view address, uint16_t port, KnockAnswer answer) {
  return {.to = at(address, port), .answer = answer, .took = 300us};
}
Knock said_by(std::string_view router, uint8_t type, uint8_t code) {
  Knock said = knock("10.0.0.5", 1, KnockAnswer::icmp);
  said.icmp = IcmpNotice{.from = ip(router), .type = type, .code = code};
  return said;
}
ProbeError silence() { return {ErrorCode::timeout, Phase::connect, ""}; }
ProbeError refusal() { return {ErrorCode::tcp_refused, Phase::connect, ""}; }
SecondTry failed_again(ErrorCode code, std::string sentence) {
  return {.verdict = Verdict::failed, .error = code, .sentence = std::move(sentence), .took = 1ms};
}

SecondTry cut_off(ErrorCode code) {
  return {.verdict = Verdict::failed,
          .error = code,
          .sentence = "3 bytes came, and no more within 850 ms. The monitor allows 3.00 s.",
          .took = 850ms,
          .allowed = 3s};
}

struct Row {
  const char* why;
  Evidence evidence;
  ProbeError failure;
  const char* wanted;
};

void expect_rows(std::span<const Row> rows) {
  const Target target = Target::parse("db.example.com:443").value();
  for (const Row& row : rows) {
    EXPECT_EQ(evidence_summary(row.evidence, row.failure, target), row.wanted) << row.why;
  }
}

// The host, and where the way ends.
TEST(EvidenceSummary, TellsTheHostFromTheWay) {
  const Walk near{.to = at("10.0.0.5", 443), .tried = 16, .hops = {{1, hop_said("10.0.0.1"), 1ms}}};
  const Walk none{.to = at("10.0.0.5", 443), .tried = 16};
  const Walk reached{
      .to = at("10.0.0.5", 443), .tried = 16, .reached = 3, .answer = KnockAnswer::refused};
  const Row rows[] = {
      {"a filter on the host",
       {.closed_port = knock("10.0.0.5", 1, KnockAnswer::refused), .walk = near},
       silence(),
       "The host answers (port 1 refused at once), port 443 is silent; the last hop that answered "
       "is 10.0.0.1, 1 hop away."},
      {"an old service at port 1",
       {.closed_port = knock("10.0.0.5", 1, KnockAnswer::open)},
       silence(),
       "The host answers (port 1 is open), port 443 is silent."},
      {"nobody anywhere",
       {.closed_port = knock("10.0.0.5", 1, KnockAnswer::silence), .walk = none},
       silence(),
       "The host is silent at port 1 too; no hop on the way answered."},
      {"a router speaks of one port only",
       {.closed_port = knock("10.0.0.5", 1, KnockAnswer::refused)},
       {ErrorCode::admin_prohibited, Phase::connect, ""},
       "The host answers (port 1 refused at once), but not at port 443."},
      {"a router speaks of all ports, and the host was not tried",
       {.closed_port = knock("10.0.0.5", 1, KnockAnswer::silence)},
       {ErrorCode::host_unreachable, Phase::connect, ""},
       "The host is silent at port 1."},
      {"it came back while we looked",
       {.walk = reached},
       silence(),
       "Port 443 answered a moment later with a reset, 3 hops away."},
  };
  expect_rows(rows);
}

TEST(EvidenceSummary, TellsWhoSaidNo) {
  Knock forbidden = knock("10.0.0.5", 1, KnockAnswer::icmp);
  forbidden.icmp = IcmpNotice{.from = ip("10.0.0.5"), .type = 3, .code = 10};
  const Walk ends{.to = at("10.0.0.5", 443),
                  .tried = 16,
                  .hops = {{1, hop_said("10.0.0.1"), 1ms},
                           {2, {.from = ip("10.0.1.1"), .type = 3, .code = 1}, 2ms}}};
  const Row rows[] = {
      {"the host's own firewall",
       {.closed_port = forbidden},
       silence(),
       "The host itself says of port 1: this is forbidden, port 443 is silent."},
      {"a router of IPv6 speaks of all ports; an address has no capital letters",
       {.second_try = failed_again(ErrorCode::timeout, "It did not answer."),
        .closed_port = said_by("fd00::1", 1, 1)},
       {ErrorCode::admin_prohibited, Phase::connect, ""},
       "fd00::1 says the same of port 1."},
      {"a router says something else of the closed port",
       {.closed_port = said_by("10.0.0.1", 3, 1)},
       {ErrorCode::admin_prohibited, Phase::connect, ""},
       "10.0.0.1 says of port 1: it cannot reach the host."},
      {"the last router has lost the host",
       {.walk = ends},
       {ErrorCode::host_unreachable, Phase::connect, ""},
       "The way ends at 10.0.1.1, 2 hops away: it cannot reach the host."},
  };
  expect_rows(rows);
}

TEST(EvidenceSummary, TellsWhatTheNameHasToDoWithIt) {
  const NameNow moved{.addresses = {ip("10.0.0.6")}, .last_good = ip("10.0.0.5")};
  const NameNow same{.addresses = {ip("10.0.0.5"), ip("fd00::5")}, .last_good = ip("10.0.0.5")};
  const Row rows[] = {
      {"moved, and the old place serves",
       {.others = {knock("10.0.0.5", 443, KnockAnswer::open)}, .name = moved},
       refusal(),
       "The name now leads to 10.0.0.6; the last good check went to 10.0.0.5, which still "
       "answers."},
      {"moved, and the old place is gone too",
       {.others = {knock("10.0.0.5", 443, KnockAnswer::silence)}, .name = moved},
       refusal(),
       "The name now leads to 10.0.0.6; the last good check went to 10.0.0.5, which does not "
       "answer."},
      {"the other family serves",
       {.others = {knock("fd00::5", 443, KnockAnswer::open)}, .name = same},
       refusal(),
       "The same port opens at another address of the name: [fd00::5]:443."},
      {"no address serves",
       {.others = {knock("fd00::5", 443, KnockAnswer::refused),
                   knock("fd00::6", 443, KnockAnswer::silence)},
        .name = same},
       refusal(),
       "None of the 2 other addresses of the name opened."},
      {"the name had not been found, so that there was no first one",
       {.others = {knock("10.0.0.6", 443, KnockAnswer::open)},
        .name = NameNow{.addresses = {ip("10.0.0.6")}}},
       {ErrorCode::host_not_found, Phase::dns, ""},
       "The name was found a moment later, and the port opens: 10.0.0.6:443."},
      {"it is found now, and does not serve",
       {.others = {knock("10.0.0.6", 443, KnockAnswer::refused)},
        .name = NameNow{.addresses = {ip("10.0.0.6")}}},
       {ErrorCode::host_not_found, Phase::dns, ""},
       "The name was found a moment later, but the port opens at no address of it."},
      {"one that we may not try does not count",
       {.others = {knock("10.9.9.9", 443, KnockAnswer::not_tried)}, .name = same},
       refusal(),
       "Nothing more could be found out."},
  };
  expect_rows(rows);
}

TEST(EvidenceSummary, TellsWhatTheSecondTryAdds) {
  const Row rows[] = {
      {"it was short",
       {.second_try = SecondTry{.verdict = Verdict::passed, .sentence = "Connected in 1 ms."}},
       refusal(),
       "A second try at once passed."},
      {"the same again",
       {.second_try = failed_again(ErrorCode::tcp_refused, "Refused.")},
       refusal(),
       "A second try at once failed in the same way."},
      {"it changed its mind",
       {.second_try = failed_again(ErrorCode::timeout, "10.0.0.5:443 did not answer.")},
       refusal(),
       "A second try at once ended otherwise: 10.0.0.5:443 did not answer."},
      {"it had less time, and ran into that",
       {.second_try = cut_off(ErrorCode::timeout)},
       silence(),
       "A second try, with less time: 3 bytes came, and no more within 850 ms. The monitor "
       "allows 3.00 s."},
      {"what takes longer than that could not pass, and changed nothing",
       {.second_try = cut_off(ErrorCode::timeout)},
       refusal(),
       "A second try did not end within 850 ms, which proves nothing: the monitor allows 3.00 s."},
      {"and there is something better to say",
       {.second_try = cut_off(ErrorCode::timeout),
        .others = {knock("10.0.0.6", 443, KnockAnswer::refused)}},
       refusal(),
       "The other address of the name did not open either."},
      {"our own trouble says nothing of the target",
       {.second_try = SecondTry{.verdict = Verdict::unknown, .error = ErrorCode::overloaded}},
       refusal(),
       "Nothing more could be found out."},
  };
  expect_rows(rows);
}

// What was not done is said, with the reason.
TEST(EvidenceSummary, SaysWhyNothingWasGathered) {
  const Row rows[] = {
      {"",
       {.state = EvidenceState::too_many},
       silence(),
       "Not looked into: too many failures at once."},
      {"",
       {.state = EvidenceState::too_soon},
       silence(),
       "Not looked into: that was done less than a minute before."},
  };
  expect_rows(rows);
}

// One line for each thing that was tried, in the order in which a person asks.
TEST(EvidenceLines, SayEverythingThatWasTried) {
  Knock said_no = knock("10.0.0.5", 1, KnockAnswer::icmp);
  said_no.icmp = IcmpNotice{.from = ip("10.0.0.1"), .type = 3, .code = 13};
  Knock denied = knock("127.0.0.1", 443, KnockAnswer::not_tried);
  denied.why = "loopback is not allowed";
  const Evidence evidence{
      .second_try = failed_again(ErrorCode::timeout, "It did not answer."),
      .closed_port = said_no,
      .others = {knock("fd00::5", 443, KnockAnswer::open), denied},
      .walk = Walk{.to = at("10.0.0.5", 443),
                   .tried = 16,
                   .hops = {{1, hop_said("10.0.0.1"), 210us}, {3, hop_said("10.0.2.1"), 4ms}}},
      .name = NameNow{.addresses = {ip("10.0.0.5"), ip("fd00::5")},
                      .cached = true,
                      .last_good = ip("10.0.0.5")}};
  const std::vector<EvidenceLine> wanted = {
      {"second try", "failed: It did not answer."},
      {"port 1", "10.0.0.1 says: this is forbidden (ICMP type 3, code 13)"},
      {"name now", "10.0.0.5, fd00::5 (from the cache)"},
      {"last good", "10.0.0.5"},
      {"other", "[fd00::5]:443 opened after 300 µs"},
      {"other", "127.0.0.1:443 not tried: loopback is not allowed"},
      {"hop 1", "10.0.0.1 after 210 µs"},
      {"hop 3", "10.0.2.1 after 4.00 ms"},
      {"hop 4-16", "silent"},
  };
  const std::vector<EvidenceLine> lines = evidence_lines(evidence);
  ASSERT_EQ(lines.size(), wanted.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].label, wanted[i].label);
    EXPECT_EQ(lines[i].text, wanted[i].text);
  }
  EXPECT_TRUE(evidence_lines({.state = EvidenceState::too_many}).empty());
}

// RFC 792 and RFC 4443: the same meanings under other numbers.
TEST(IcmpMeaning, OfBothFamilies) {
  struct Said {
    const char* from;
    uint8_t type, code;
    IcmpMeaning wanted;
  };
  const Said all[] = {
      {"10.0.0.1", 11, 0, IcmpMeaning::time_exceeded},
      {"10.0.0.1", 3, 0, IcmpMeaning::network_unreachable},
      {"10.0.0.1", 3, 1, IcmpMeaning::host_unreachable},
      {"10.0.0.1", 3, 3, IcmpMeaning::port_unreachable},
      {"10.0.0.1", 3, 9, IcmpMeaning::prohibited},
      {"10.0.0.1", 3, 13, IcmpMeaning::prohibited},
      {"10.0.0.1", 3, 4, IcmpMeaning::other},
      {"10.0.0.1", 12, 0, IcmpMeaning::other},
      {"fd00::1", 3, 0, IcmpMeaning::time_exceeded},
      {"fd00::1", 1, 0, IcmpMeaning::network_unreachable},
      {"fd00::1", 1, 1, IcmpMeaning::prohibited},
      {"fd00::1", 1, 3, IcmpMeaning::host_unreachable},
      {"fd00::1", 1, 4, IcmpMeaning::port_unreachable},
      {"fd00::1", 1, 6, IcmpMeaning::prohibited},
      {"fd00::1", 2, 0, IcmpMeaning::other},
  };
  for (const Said& said : all) {
    EXPECT_EQ(meaning_of({.from = ip(said.from), .type = said.type, .code = said.code}),
              said.wanted)
        << said.from << " " << unsigned{said.type} << "/" << unsigned{said.code};
  }
}

}  // namespace
}  // namespace tocsin
