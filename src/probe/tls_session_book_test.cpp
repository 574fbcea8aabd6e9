#include "probe/tls_session_book.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <string>

namespace tocsin {
namespace {

std::shared_ptr<SSL_SESSION> some_session() { return {SSL_SESSION_new(), SSL_SESSION_free}; }

// A server that never gives a session is not waited for.
TEST(TlsSessionBook, WithoutASessionThereIsNothingToOffer) {
  TlsSessionBook book;
  book.begin("a", std::make_shared<TlsFacts>());
  EXPECT_FALSE(book.offer("a", 10, {}).session);
  EXPECT_FALSE(book.offer("b", 10, {}).session);
}

// Nobody can fill our memory with servers.
TEST(TlsSessionBook, ItIsBounded) {
  TlsSessionBook book;
  const auto facts = std::make_shared<TlsFacts>();
  for (size_t i = 0; i < TlsSessionBook::kSessionsMax + 100; ++i) {
    book.begin(std::to_string(i), facts);
  }
  EXPECT_EQ(book.size(), TlsSessionBook::kSessionsMax);
}

// The connection that brought it may be gone from the book meanwhile.
TEST(TlsSessionBook, ASessionOfADroppedServerIsNotKept) {
  TlsSessionBook book;
  book.begin("a", std::make_shared<TlsFacts>());
  book.drop("a");
  book.keep("a", some_session());
  EXPECT_EQ(book.size(), 0U);
}

TEST(TlsSessionBook, TheNewestSessionCounts) {
  TlsSessionBook book;
  const auto newest = some_session();
  book.begin("a", std::make_shared<TlsFacts>());
  book.keep("a", some_session());
  book.keep("a", newest);
  EXPECT_EQ(book.offer("a", 10, {}).session, newest);
}

}  // namespace
}  // namespace tocsin
