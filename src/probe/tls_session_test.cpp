#include "probe/tls_session.h"

#include <gtest/gtest.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>

#include "base/scratch_folder.h"
#include "probe/test_certificates.h"
#include "probe/test_tls_server.h"
#include "probe/tls_context.h"

namespace tocsin {
namespace {

class TlsSessionTest : public testing::Test {
 protected:
  TestCertificate leaf(CertificateWish wish = {}) {
    if (wish.names.empty()) {
      wish.names = {"DNS:shop.example"};
    }
    return signed_by(authority_, wish);
  }

  std::unique_ptr<TlsSession> client(TlsOptions options = {}) {
    options.ca_file = ca_file_;
    auto context = contexts_.get(options);
    EXPECT_TRUE(context) << context.error().detail;
    auto session = TlsSession::make(*context, options, "shop.example",
                                    {.server = "192.0.2.1:443", .now = now_});
    EXPECT_TRUE(session);
    return std::move(*session);
  }

  // Carries bytes to and fro until nobody has anything to say; what came of it.
  static TlsSession::Step shake(TlsSession& session, TestTlsServer& server,
                                size_t bytes_at_once = 100'000) {
    TlsSession::Step step = session.start();
    TlsSession::Step last;
    std::string to_server = step.send;
    while (!to_server.empty()) {
      const std::string answer = server.feed(to_server);
      to_server.clear();
      for (size_t i = 0; i < answer.size(); i += bytes_at_once) {
        step = session.feed(std::string_view(answer).substr(i, bytes_at_once));
        to_server += step.send;
        last.plain += step.plain;
        last.established = last.established || step.established;
        last.error = last.error ? last.error : step.error;
      }
    }
    return last;
  }

  ProbeError error_with(const TestCertificate& identity, const TlsServerWish& wish = {},
                        const TlsOptions& options = {}) {
    TestTlsServer server(identity, wish);
    const auto session = client(options);
    return shake(*session, server)
        .error.value_or(ProbeError{ErrorCode::too_slow, Phase::data, "no error"});
  }

  // Whether each of so many handshakes with one server resumed a session.
  std::string handshakes(const TestTlsServer& server, int count, const TlsOptions& options) {
    std::string seen;
    for (int i = 0; i < count; ++i) {
      TestTlsServer next(server);
      const auto session = client(options);
      EXPECT_TRUE(shake(*session, next).established);
      EXPECT_EQ(session->facts().resumed, next.has_resumed());
      EXPECT_EQ(session->facts().subject, "CN=test");
      EXPECT_EQ(session->facts().chain.size(), 1U);
      seen += next.has_resumed() ? 'r' : 'F';
    }
    return seen;
  }

  SystemTime now_ = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  ScratchFolder folder_;
  TestCertificate authority_ = self_signed({.common_name = "Test CA", .is_authority = true});
  std::string ca_file_ =
      folder_.file("ca.pem", authority_.pem());  // once: a new file is a new context
  TlsContexts contexts_;
};

TEST_F(TlsSessionTest, ATrustedServerGivesAnOpenSessionAndItsFacts) {
  TestTlsServer server(leaf(), {.alpn = "smtp"});
  const auto session = client({.alpn = {"imap", "smtp"}});
  const TlsSession::Step step = shake(*session, server);
  EXPECT_TRUE(step.established);
  EXPECT_FALSE(step.error);
  EXPECT_EQ(session->facts().version, "TLSv1.3");
  EXPECT_EQ(session->facts().alpn, "smtp");
  EXPECT_EQ(session->facts().issuer, "CN=Test CA");
  EXPECT_EQ(session->facts().names, std::vector<std::string>{"shop.example"});
  server.feed(session->encrypt("hello").send);
  EXPECT_EQ(server.plain, "hello");
  EXPECT_EQ(session->feed(server.encrypt("world")).plain, "world");
  server.feed(session->close_notify());
  EXPECT_TRUE(server.closed);
}

// A network hands bytes over in any pieces.
TEST_F(TlsSessionTest, TheHandshakeWorksByteByByte) {
  TestTlsServer server(leaf());
  const auto session = client();
  EXPECT_TRUE(shake(*session, server, 1).established);
}

TEST_F(TlsSessionTest, CloseNotifyIsAnOrderlyEnd) {
  TestTlsServer server(leaf());
  const auto session = client();
  shake(*session, server);
  std::string last_words = server.encrypt("bye");
  last_words += server.close_notify();
  const TlsSession::Step step = session->feed(last_words);
  EXPECT_EQ(step.plain, "bye");
  EXPECT_TRUE(step.closed);
  EXPECT_FALSE(step.error);
}

// Each trouble of a certificate has its own name, and the facts are there to say how it is mended.
TEST_F(TlsSessionTest, AnExpiredCertificateIsNamedSo) {
  TestTlsServer server(leaf({.valid_from_days = -9, .valid_until_days = -2}));
  const auto session = client();
  const TlsSession::Step step = shake(*session, server);
  ASSERT_TRUE(step.error);
  EXPECT_EQ(step.error->code, ErrorCode::tls_expired);
  EXPECT_EQ(step.error->phase, Phase::tls);
  EXPECT_TRUE(step.error->detail.starts_with("the server's certificate has expired on "))
      << step.error->detail;
  EXPECT_EQ(session->facts().subject, "CN=test");
  EXPECT_EQ(session->facts().not_after - session->facts().not_before, 7 * 24h);
  EXPECT_FALSE(step.established);
}

TEST_F(TlsSessionTest, ACertificateOfTomorrowIsNotYetValid) {
  EXPECT_EQ(error_with(leaf({.valid_from_days = 2})).code, ErrorCode::tls_not_yet_valid);
}

TEST_F(TlsSessionTest, AnotherNameIsAMismatchThatShowsTheNames) {
  const ProbeError error = error_with(leaf({.names = {"DNS:other.example", "IP:192.0.2.9"}}));
  EXPECT_EQ(error,
            (ProbeError{ErrorCode::tls_name_mismatch, Phase::tls,
                        "wanted shop.example, the certificate is for other.example, 192.0.2.9"}));
}

TEST_F(TlsSessionTest, ASelfSignedCertificateIsUntrusted) {
  const ProbeError error = error_with(self_signed({.names = {"DNS:shop.example"}}));
  EXPECT_EQ(error, (ProbeError{ErrorCode::tls_untrusted, Phase::tls,
                               "self-signed certificate (issued by CN=test)"}));
}

TEST_F(TlsSessionTest, TheServerNameOfTheOptionsIsTheOneChecked) {
  const TestCertificate other = leaf({.names = {"DNS:other.example", "IP:192.0.2.9"}});
  EXPECT_EQ(error_with(other, {}, {.server_name = "other.example"}).detail, "no error");
  EXPECT_EQ(error_with(other, {}, {.server_name = "192.0.2.9"}).detail, "no error");
  EXPECT_EQ(error_with(other, {}, {.server_name = "192.0.2.8"}).code, ErrorCode::tls_name_mismatch);
}

// verify: false looks at certificates without judging them: the days left are still wanted.
TEST_F(TlsSessionTest, WithoutVerifyTheFactsAreStillKept) {
  TestTlsServer server(
      self_signed({.names = {"DNS:other.example"}, .valid_from_days = -9, .valid_until_days = -2}));
  const auto session = client({.verify = false});
  EXPECT_TRUE(shake(*session, server).established);
  EXPECT_EQ(session->facts().names, std::vector<std::string>{"other.example"});
}

TEST_F(TlsSessionTest, AnOldServerIsAMatterOfVersion) {
  EXPECT_EQ(error_with(leaf(), {.version_max = TLS1_1_VERSION}).code, ErrorCode::tls_version);
  EXPECT_EQ(error_with(leaf(), {.version_max = TLS1_2_VERSION}, {.min_version = "1.3"}).code,
            ErrorCode::tls_version);
  EXPECT_EQ(error_with(leaf(), {.version_max = TLS1_2_VERSION}, {.min_version = "1.2"}).detail,
            "no error");
}

// The most usual mistake: TLS spoken to a port that greets in plain text.
TEST_F(TlsSessionTest, PlainTextIsShownAsSuch) {
  const auto session = client();
  session->start();
  const TlsSession::Step step = session->feed("220 mail.example ESMTP\r\n");
  EXPECT_EQ(step.error,
            (ProbeError{ErrorCode::tls_handshake, Phase::tls,
                        "this is not TLS: the answer begins with 220 mail.example ESMTP\\r\\n"}));
}

TEST_F(TlsSessionTest, TheServersAlertIsToldInItsWords) {
  const TestCertificate identity = leaf();
  TestTlsServer server(identity, {.version_max = TLS1_2_VERSION, .client_authority = &authority_});
  const auto session = client();
  const TlsSession::Step step = shake(*session, server);
  EXPECT_EQ(step.error, (ProbeError{ErrorCode::tls_handshake, Phase::tls,
                                    "the server said: handshake failure, after it had asked for a "
                                    "client certificate"}));
}

TEST_F(TlsSessionTest, AClientCertificateIsShownToAServerThatAsks) {
  const TestCertificate own = signed_by(authority_, {.common_name = "probe"});
  TestTlsServer server(leaf(), {.client_authority = &authority_});
  const auto session =
      client({.certificate_file = folder_.file("own.pem", own.pem() + own.key_pem())});
  EXPECT_TRUE(shake(*session, server).established);
  EXPECT_TRUE(server.established);
}

// A missing file is our own trouble, and the message names it.
TEST_F(TlsSessionTest, AMissingFileIsOursAndNamed) {
  const auto context = contexts_.get({.ca_file = folder_.path() / "gone.pem"});
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, ErrorCode::local_resource);
  EXPECT_EQ(context.error().detail, "cannot read ca_file " +
                                        (folder_.path() / "gone.pem").string() +
                                        ": No such file or directory");
}

// Ten thousand monitors share a few contexts; names are no part of one.
TEST_F(TlsSessionTest, ContextsAreSharedAndBounded) {
  const auto number_of = [this](const TlsOptions& options) {
    return contexts_.get(options)->number;
  };
  EXPECT_EQ(number_of({.server_name = "a"}), number_of({.server_name = "b"}));
  EXPECT_NE(number_of({.verify = false}), number_of({}));
  for (size_t i = 0; i < 2 * TlsContexts::kContextsMax; ++i) {
    ASSERT_TRUE(contexts_.get({.alpn = {std::to_string(i)}}));
  }
  EXPECT_LE(contexts_.size(), TlsContexts::kContextsMax);
}

// A renewed authority counts from the next probe on, not from the next restart.
TEST_F(TlsSessionTest, AChangedFileMakesANewContext) {
  const TlsOptions options{.ca_file = folder_.file("ca.pem", authority_.pem())};
  const uint64_t before = contexts_.get(options)->number;
  EXPECT_EQ(contexts_.get(options)->number, before);
  std::filesystem::last_write_time(options.ca_file,
                                   std::filesystem::file_time_type::clock::now() + 10s);
  EXPECT_NE(contexts_.get(options)->number, before);
}

// Days left, names, key and issuer of all of them: the one in the middle expires too.
TEST_F(TlsSessionTest, TheWholeChainIsTold) {
  const TestCertificate middle =
      signed_by(authority_, {.common_name = "Middle", .valid_until_days = 9, .is_authority = true});
  const TestCertificate own = signed_by(middle, {.names = {"DNS:shop.example"}});
  TestTlsServer server(own, {.authorities = {middle}});
  const auto session = client();
  EXPECT_TRUE(shake(*session, server).established);
  const std::vector<Certificate>& chain = session->facts().chain;
  ASSERT_EQ(chain.size(), 2U);
  EXPECT_EQ(chain[0].issuer, "CN=Middle");
  EXPECT_EQ(chain[1].subject, "CN=Middle");
  EXPECT_EQ(chain[1].issuer, "CN=Test CA");
  EXPECT_EQ(chain[1].key, "EC prime256v1");
  EXPECT_EQ(chain[1].not_after - chain[1].not_before, 10 * 24h);
}

TEST_F(TlsSessionTest, WhatTheIssuerSaysOfTheCertificateIsTold) {
  const TestCertificate own = leaf();
  TestTlsServer server(
      own, {.staple = ocsp_answer(authority_, authority_, own, V_OCSP_CERTSTATUS_GOOD)});
  const auto session = client();
  EXPECT_TRUE(shake(*session, server).established);
  EXPECT_EQ(session->facts().staple.says, OcspStaple::Says::good);
}

TEST_F(TlsSessionTest, ARevokedCertificateIsTold) {
  const TestCertificate own = leaf();
  const TlsServerWish wish{.staple =
                               ocsp_answer(authority_, authority_, own, V_OCSP_CERTSTATUS_REVOKED)};
  const ProbeError error = error_with(own, wish);
  EXPECT_EQ(error.code, ErrorCode::tls_revoked);
  EXPECT_TRUE(error.detail.starts_with("its issuer has revoked the certificate on "))
      << error.detail;
  EXPECT_EQ(error_with(own, wish, {.verify = false}).detail, "no error");
}

// A tenth of the work of both sides is enough, but only a full handshake shows the certificate.
TEST_F(TlsSessionTest, SessionsAreResumedAndEachSoManyThHandshakeIsFull) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TestTlsServer server(leaf(), {.version_max = version});
    EXPECT_EQ(handshakes(server, 7, {.full_every = 3}), "FrrFrrF");
  }
}

TEST_F(TlsSessionTest, AtOneEveryHandshakeIsFull) {
  const TestTlsServer server(leaf());
  EXPECT_EQ(handshakes(server, 3, {.full_every = 1}), "FFF");
}

// It would not be seen that it has expired.
TEST_F(TlsSessionTest, ASessionIsNotResumedWhenItsCertificateHasExpired) {
  const TestTlsServer server(leaf({.valid_until_days = 30}));
  EXPECT_EQ(handshakes(server, 2, {}), "Fr");
  now_ += 31 * 24h;
  EXPECT_EQ(handshakes(server, 1, {}), "F");
}

// What is trusted has changed: an earlier verdict does not count.
TEST_F(TlsSessionTest, ASessionBelongsToItsOptions) {
  const TestTlsServer server(leaf({.names = {"DNS:shop.example", "DNS:b.example"}}));
  EXPECT_EQ(handshakes(server, 2, {.verify = false}), "Fr");
  EXPECT_EQ(handshakes(server, 2, {}), "Fr");
  EXPECT_EQ(handshakes(server, 2, {.server_name = "b.example"}), "Fr");
}

TEST_F(TlsSessionTest, ADroppedSessionIsNotOfferedAgain) {
  const TestTlsServer server(leaf());
  EXPECT_EQ(handshakes(server, 1, {}), "F");
  client()->drop_session();
  EXPECT_EQ(handshakes(server, 1, {}), "F");
}

}  // namespace
}  // namespace tocsin
