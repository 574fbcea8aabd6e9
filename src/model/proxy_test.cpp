// A proxy as people write it, and as it may be shown.
#include "model/proxy.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

std::string why_not(std::string_view text) {
  const Result<Proxy> proxy = parse_proxy(text);
  return proxy ? "it is one" : proxy.error().message;
}

TEST(ProxyText, SaysHowAndWhere) {
  const Result<Proxy> proxy = parse_proxy("socks5://probe:s3cret@proxy.example.com:1080");
  ASSERT_TRUE(proxy) << proxy.error().message;
  EXPECT_EQ(proxy->kind, ProxyKind::socks5);
  EXPECT_EQ(proxy->at.text(), "proxy.example.com:1080");
  EXPECT_EQ(proxy->user, "probe");
  EXPECT_EQ(proxy->password.reveal(), "s3cret");
  EXPECT_EQ(parse_proxy("http://[::1]:8080/").value().at.text(), "[::1]:8080");
  EXPECT_EQ(parse_proxy("socks5h://a:1").value(), parse_proxy("socks5://a:1").value());
}

TEST(ProxyText, UndoesTheEscapesOfAUrl) {
  const Proxy proxy = parse_proxy("http://a%40b:p%3aw%25@h:1").value();
  EXPECT_EQ(proxy.user, "a@b");
  EXPECT_EQ(proxy.password.reveal(), "p:w%");
}

// What is shown names all but the password, and reads back to the same place.
TEST(ProxyText, IsShownWithoutItsPassword) {
  const Proxy proxy = parse_proxy("socks5://a%40b:s3cret@h:1").value();
  EXPECT_EQ(proxy_text(proxy), "socks5://a%40b:***@h:1");
  const Proxy again = parse_proxy(proxy_text(proxy)).value();
  EXPECT_TRUE(is_same_place(again, proxy));
  EXPECT_TRUE(has_hidden_password(again));
  EXPECT_FALSE(has_hidden_password(proxy));
  EXPECT_EQ(proxy_text(parse_proxy("http://h:1").value()), "http://h:1");
}

// A mistake is told without the text: half of it may be a password.
TEST(ProxyText, TellsAMistakeWithoutThePassword) {
  for (const std::string_view text :
       {"ftp://a:s3cret@h:1", "s3cret", "socks5://a:s3cret@h", "socks5://a:s3cret@",
        "http://a:s3cret%zz@h:1", "http://:s3cret@h:1", "http://a:s3cret@unix:/x", "socks5://"}) {
    EXPECT_NE(why_not(text), "it is one") << text;
    EXPECT_EQ(why_not(text).find("s3cret"), std::string::npos) << why_not(text);
  }
  EXPECT_NE(why_not("http://a%3ab:c@h:1").find("no colon"), std::string::npos);
  EXPECT_EQ(why_not("socks5://a%3ab:c@h:1"), "it is one");
  EXPECT_EQ(why_not("http://a:s3cret@Unix:8080"), "it is one");
  EXPECT_NE(why_not("http://" + std::string(256, 'u') + ":p@h:1"), "it is one");
}

}  // namespace
}  // namespace tocsin
