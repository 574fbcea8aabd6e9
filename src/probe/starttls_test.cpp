// Each protocol's words before TLS, against what real servers say, through the dialogue that will
// speak them.
#include "probe/starttls.h"

#include <gtest/gtest.h>

#include <array>

#include "core/dialogue.h"
#include "probe/probe_plan.h"

namespace tocsin {
namespace {

using namespace std::string_view_literals;

constexpr SteadyTime kStart{Duration(1'000'000'000)};

struct Talk {
  std::string sent;  // by us, all of it
  bool tls = false;
  std::optional<ProbeError> error;
};

// Plays `answers` one after another, each after what we sent before.
Talk talk(std::string_view protocol, const std::vector<std::string_view>& answers) {
  auto plain = std::make_shared<Monitor>();
  plain->target = Target::parse("mail.example:25").value();
  plain->tls = {.mode = TlsMode::starttls, .protocol = std::string(protocol)};
  const auto monitor = with_starttls_steps(plain);
  Dialogue dialogue(*monitor, kStart + 10s);
  Talk talk;
  const auto follow = [&](Dialogue::Action action) {
    while (!action.send.empty()) {
      talk.sent += action.send;
      action = dialogue.on_sent(kStart);
    }
    talk.tls = talk.tls || action.start_tls;
    talk.error = action.error;
  };
  follow(dialogue.start(kStart));
  for (const std::string_view answer : answers) {
    follow(dialogue.on_bytes(answer, kStart));
  }
  return talk;
}

TEST(Starttls, SmtpWaitsForTheLastLineOfEachReply) {
  const Talk done =
      talk("smtp", {"220-mail.example\r\n220 ready\r\n",
                    "250-mail.example\r\n250-STARTTLS\r\n250 OK\r\n", "220 2.0.0 go ahead\r\n"});
  EXPECT_TRUE(done.tls);
  EXPECT_EQ(done.sent, "EHLO tocsin.invalid\r\nSTARTTLS\r\n");
  EXPECT_FALSE(talk("smtp", {"220 ready\r\n", "250 OK\r\n", "220 go ah"})
                   .tls);  // the rest of the line would be no TLS
  EXPECT_EQ(talk("smtp", {"220 ready\r\n", "250 OK\r\n", "454 not now\r\n"}).error->code,
            ErrorCode::expect_mismatch);
}

TEST(Starttls, ImapPop3AndFtpAskInTheirOwnWords) {
  EXPECT_TRUE(talk("imap", {"* OK ready\r\n", "* CAPABILITY IMAP4\r\nt1 OK begin\r\n"}).tls);
  EXPECT_TRUE(talk("imap", {"* OK ready\r\n", "t1 BAD what\r\n"}).error);
  EXPECT_TRUE(talk("pop3", {"+OK ready\r\n", "+OK begin\r\n"}).tls);
  EXPECT_TRUE(talk("pop3", {"+OK ready\r\n", "-ERR no\r\n"}).error);
  EXPECT_TRUE(talk("ftp", {"220-hello\r\n220 ready\r\n", "234 AUTH TLS OK\r\n"}).tls);
  EXPECT_TRUE(talk("ftp", {"220 ready\r\n", "234-soon\r\n234 now\r\n"}).tls);
  EXPECT_TRUE(talk("ftp", {"220 ready\r\n", "502 no\r\n"}).error);
}

// RFC 5321 4.2: a reply may have no text. RFC 9051 2.2.2: the words of IMAP are of either case.
TEST(Starttls, BareRepliesAndSmallLettersWillDo) {
  EXPECT_TRUE(talk("smtp", {"220\r\n", "250\r\n", "220\r\n"}).tls);
  EXPECT_TRUE(talk("smtp", {"220-\r\n220\r\n", "250-SIZE\r\n250\n", "220-\r\n220\r\n"}).tls);
  EXPECT_FALSE(talk("smtp", {"220 ready\r\n", "250 OK\r\n", "220-go\r\n"}).tls);
  EXPECT_TRUE(talk("smtp", {"220 ready\r\n", "250 OK\r\n", "454\r\n"}).error);
  EXPECT_TRUE(talk("ftp", {"220\r\n", "234\r\n"}).tls);
  EXPECT_TRUE(talk("imap", {"* ok ready\r\n", "t1 Ok begin\r\n"}).tls);
  EXPECT_TRUE(talk("imap", {"* Bye\r\n"}).error);
  EXPECT_TRUE(talk("imap", {"* ok ready\r\n", "t1 no\r\n"}).error);
}

// Who is turned away at the door was refused nothing of TLS.
TEST(Starttls, TurningAwayIsNoRefusalOfStarttls) {
  struct Answer {
    std::string_view protocol, received;
    bool away;
  };
  constexpr Answer kAnswers[] = {
      {"smtp", "554 no service for you\r\n", true},
      {"smtp", "220 ready\r\n250 OK\r\n421 closing\r\n", true},
      {"smtp", "220 ready\r\n250 OK\r\n454 not now\r\n", false},
      {"ftp", "421 too many\r\n", true},
      {"ftp", "220 ready\r\n502 no\r\n", false},
      {"imap", "* bye overloaded\r\n", true},
      {"imap", "* OK ready\r\nt1 BAD what\r\n", false},
      {"pop3", "-ERR in use\r\n", true},
      {"pop3", "+OK ready\r\n-ERR what\r\n", false},
      {"ldap", "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x33\x04\x00\x04\x00"sv, true},
      {"ldap", "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00"sv, false},
      {"xmpp", "<stream:stream><stream:error><host-unknown/></stream:error>", true},
      {"xmpp", "<stream:stream><stream:features/>", false},
      {"postgres", "EFATAL", true},
      {"postgres", "N", false},
      {"mysql", "\x10\x00\x00\x00\xff\x10\x04Too many connections"sv, true},
      {"mysql", "SSH-2.0-x\r\n", false}};
  for (const Answer& each : kAnswers) {
    EXPECT_EQ(turns_away(each.protocol, each.received), each.away)
        << each.protocol << " " << each.received;
  }
}

// It is not from the server alone, perhaps: who is on the way can add to what is said in clear.
TEST(Starttls, WordsBehindTheAgreementFailIt) {
  const Talk injected[] = {talk("smtp", {"220 ready\r\n", "250 OK\r\n", "220 go\r\n+\r\n"}),
                           talk("pop3", {"+OK ready\r\n", "+OK go\r\n+\r\n"}),
                           talk("imap", {"* OK ready\r\n", "t1 OK go\r\n+\r\n"})};
  for (const Talk& each : injected) {
    ASSERT_TRUE(each.error);
    EXPECT_FALSE(each.tls);
    EXPECT_EQ(each.error->detail,
              "the peer had agreed to TLS, and said more in clear: \"+\\r\\n\"");
  }
}

// Of these the whole agreement is known, line or not: one byte behind it is too many, of any kind.
TEST(Starttls, NoByteMayComeAlongWithAnAgreement) {
  const auto answers = std::to_array<std::pair<std::string_view, std::vector<std::string_view>>>(
      {{"smtp", {"220 ready\r\n", "250 OK\r\n", "220 go\r\n"}},
       {"postgres", {"S"}},
       {"ldap", {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"sv}},
       {"xmpp", {"</stream:features>", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}}});
  for (auto [protocol, says] : answers) {
    EXPECT_TRUE(talk(protocol, says).tls) << protocol;
    for (const std::string_view more : {"+"sv, "\0"sv, "\x16\x03"sv}) {
      const std::string injected = std::string(says.back()) + std::string(more);
      std::vector<std::string_view> last = says;
      last.back() = injected;
      const Talk talked = talk(protocol, last);
      EXPECT_FALSE(talked.tls) << protocol;
      ASSERT_TRUE(talked.error) << protocol;
      EXPECT_EQ(talked.error->code, ErrorCode::tls_handshake) << protocol;
    }
  }
}

TEST(Starttls, DatabasesAskInBytes) {
  EXPECT_EQ(talk("postgres", {}).sent, "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv);
  EXPECT_TRUE(talk("postgres", {"S"}).tls);
  EXPECT_TRUE(talk("postgres", {"N"}).error);
  const std::string_view greeting =
      "\x4a\x00\x00\x00\x0a"
      "8.0.36\0"
      "\x08\x00\x00\x00"
      "abcdefgh\0"
      "\xff\xff\xff\x02\x00\xff\xdf\x15"
      "\0\0\0\0\0\0\0\0\0\0"
      "abcdefghijkl\0"
      "caching_sha2_password\0"sv;
  const Talk mysql = talk("mysql", {greeting});
  EXPECT_TRUE(mysql.tls);
  EXPECT_EQ(mysql.sent.size(), 36U);
  EXPECT_TRUE(talk("mysql", {"\x10\x00\x00\x00\xffHost is blocked"sv}).error);
  std::string without_tls(greeting);
  without_tls[without_tls.find("\xff\xff\xff") + 1] = '\xf7';
  const Talk refused = talk("mysql", {without_tls});
  EXPECT_TRUE(refused.error);
  EXPECT_EQ(refused.sent, "") << "a server without TLS would take the request for a broken login";
}

// MySQL before 5.5.7 named no way of logging in, and later ones ended its name without a NUL
// (bug 59453): the packet says itself how long it is.
TEST(Starttls, AGreetingOfMysqlEndsWhereItsLengthSays) {
  const std::string_view old =
      "\x34\x00\x00\x00\x0a"
      "5.1.73\0"
      "\x08\x00\x00\x00"
      "abcdefgh\0"
      "\xff\xff\x08\x02\x00\x00\x00\x00"
      "\0\0\0\0\0\0\0\0\0\0"
      "abcdefghijkl\0"sv;
  ASSERT_EQ(old.size(), 4U + 0x34U);
  EXPECT_TRUE(talk("mysql", {old}).tls);
  EXPECT_FALSE(talk("mysql", {old.substr(0, old.size() - 1)}).tls);
  EXPECT_TRUE(talk("mysql", {old.substr(0, 20), old.substr(20)}).tls);
}

// 389 Directory Server adds a sentence; BER writes lengths in one, two or five bytes.
TEST(Starttls, AnAnswerOfLdapIsAsLongAsItSays) {
  const std::string diagnostic = "Start TLS request accepted.Server willing to negotiate SSL.";
  const std::string name = "1.3.6.1.4.1.1466.20037";
  const std::string result = std::string("\x0a\x01\x00\x04\x00\x04"sv) +
                             static_cast<char>(diagnostic.size()) + diagnostic + "\x8a" +
                             static_cast<char>(name.size()) + name;
  const auto with_length = [](std::string_view length, const std::string& bytes) {
    return std::string(length) + static_cast<char>(bytes.size()) + bytes;
  };
  for (const std::string_view length : {""sv, "\x81"sv, "\x82\0"sv, "\x84\0\0\0"sv}) {
    const std::string whole =
        "\x30" + with_length(length, "\x02\x01\x01\x78" + with_length(length, result));
    EXPECT_TRUE(talk("ldap", {whole}).tls) << length.size();
    EXPECT_FALSE(talk("ldap", {std::string_view(whole).substr(0, whole.size() - 1)}).tls);
    EXPECT_TRUE(talk("ldap", {whole + "+"}).error) << length.size();
    std::string refused = whole;
    refused[refused.find("\x0a\x01") + 2] = 2;
    EXPECT_EQ(talk("ldap", {refused}).error->code, ErrorCode::expect_mismatch) << length.size();
  }
}

// The byte behind an agreement is TLS already: an answer cut anywhere is waited for to its end.
TEST(Starttls, ACutAnswerIsWaitedForToItsEnd) {
  const auto answers = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"ldap", "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"sv},
       {"ldap",
        "\x30\x84\x00\x00\x00\x28\x02\x01\x01\x78\x84\x00\x00\x00\x1f\x0a\x01\x00\x04\x00\x04\x00"
        "\x8a\x16"
        "1.3.6.1.4.1.1466.20037"sv},
       {"pop3", "+OK ready\r\n"},
       {"postgres", "S"}});
  for (const auto& [protocol, answer] : answers) {
    const std::string_view second = protocol == "pop3" ? "+OK begin\r\n" : "";
    for (size_t cut = 0; cut < answer.size() && second.empty(); ++cut) {
      EXPECT_FALSE(talk(protocol, {answer.substr(0, cut)}).tls) << protocol << cut;
      EXPECT_TRUE(talk(protocol, {answer.substr(0, cut), answer.substr(cut)}).tls)
          << protocol << cut;
    }
    for (size_t cut = 0; cut < second.size(); ++cut) {
      EXPECT_FALSE(talk(protocol, {answer, second.substr(0, cut)}).tls) << protocol << cut;
    }
  }
}

TEST(Starttls, LdapAndXmppAskInTheirOwnForm) {
  EXPECT_TRUE(talk("ldap", {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00"sv}).tls);
  EXPECT_TRUE(talk("ldap", {"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00"sv}).error);
  const Talk xmpp = talk(
      "xmpp", {"<?xml version='1.0'?><stream:stream><stream:features><starttls/></stream:features>",
               "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"});
  EXPECT_TRUE(xmpp.tls);
  EXPECT_TRUE(talk("xmpp", {"<stream:stream><stream:features></stream:features>",
                            "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'></proceed>"})
                  .tls);
  EXPECT_TRUE(talk("xmpp", {"<stream:stream><stream:features/>"}).error) << "nothing is offered";
  EXPECT_TRUE(xmpp.sent.starts_with("<?xml version='1.0'?><stream:stream to='mail.example' "));
}

// A server that is hung up on writes a line in its log; inside TLS too the protocol has last words.
TEST(Starttls, TheLastWordsInsideTls) {
  Monitor monitor;
  monitor.tls = {.mode = TlsMode::starttls, .protocol = "imap"};
  EXPECT_EQ(goodbye_of(monitor), "t2 LOGOUT\r\n");
  monitor.preset = "xmpp";
  monitor.tls.protocol = "";
  EXPECT_EQ(goodbye_of(monitor), "") << "no stream was begun inside TLS that could be closed";
  monitor.request = {SendStep{"<stream:stream>"}};
  EXPECT_EQ(goodbye_of(monitor), "</stream:stream>");
}

TEST(Starttls, APresetBringsItsProtocol) {
  auto monitor = std::make_shared<Monitor>();
  monitor->preset = "submission";
  monitor->tls.mode = TlsMode::starttls;
  EXPECT_EQ(with_starttls_steps(monitor)->request, starttls_steps("smtp", ""));
}

// Who writes the steps himself knows better.
TEST(Starttls, AStepOfTheMonitorItselfCounts) {
  auto monitor = std::make_shared<Monitor>();
  monitor->tls.mode = TlsMode::starttls;
  monitor->request = {SendStep{"X"}, StarttlsStep{}};
  EXPECT_EQ(with_starttls_steps(monitor), monitor);
  EXPECT_TRUE(starttls_steps("gopher", "x").empty());
}

}  // namespace
}  // namespace tocsin
