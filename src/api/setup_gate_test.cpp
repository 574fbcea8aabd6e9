#include "api/setup_gate.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(SetupGate, BeginsClosed) {
  SetupGate gate;
  EXPECT_FALSE(gate.is_open());
  EXPECT_FALSE(gate.takes(""));
  EXPECT_FALSE(gate.claim());
  gate.give_back();
  EXPECT_FALSE(gate.is_open()) << "nothing opens it but the start of a server without users";
}

TEST(SetupGate, TakesItsTokenOnly) {
  SetupGate gate;
  gate.open("secret");
  EXPECT_TRUE(gate.takes("secret"));
  EXPECT_FALSE(gate.takes("secreT"));
  EXPECT_FALSE(gate.takes("secret "));
  EXPECT_FALSE(gate.takes(""));
  gate.close();
  EXPECT_FALSE(gate.takes("secret"));
  gate.open("");
  EXPECT_FALSE(gate.takes("")) << "no token is no key";
}

// The link holds the token, so it is gone when the token is worth nothing.
TEST(SetupGate, HasALinkWhileItIsOpen) {
  SetupGate gate;
  EXPECT_EQ(gate.link("http://127.0.0.1:8400"), "");
  gate.open("secret");
  EXPECT_EQ(gate.link("https://example.com/tocsin"), "https://example.com/tocsin/#/setup/secret");
  ASSERT_TRUE(gate.claim());
  EXPECT_FALSE(gate.link("http://127.0.0.1:8400").empty());
  gate.close();
  EXPECT_EQ(gate.link("http://127.0.0.1:8400"), "");
}

// Two at once: one wins; when it comes to nothing the other may try again.
TEST(SetupGate, OneClaimAtATime) {
  SetupGate gate;
  gate.open("secret");
  EXPECT_TRUE(gate.claim());
  EXPECT_FALSE(gate.claim());
  EXPECT_TRUE(gate.is_open());
  gate.give_back();
  EXPECT_TRUE(gate.claim());
  gate.close();
  gate.give_back();
  EXPECT_FALSE(gate.is_open()) << "closed is for ever";
}

}  // namespace
}  // namespace tocsin
