#include "api/readiness.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(Readiness, AllWell) {
  const Readiness ready = readiness({});
  EXPECT_TRUE(ready.is_ready);
  EXPECT_EQ(ready.verbose, "[+]engine ok\n[+]store ok\n[+]config ok\nreadyz check passed\n");
}

// Nothing is kept any more: a load balancer should know. Why is not said: a full disk and a broken
// one look alike from here, and anybody may ask.
TEST(Readiness, AVolatileStoreIsNotReady) {
  EngineHealth health;
  health.store.is_volatile = true;
  const Readiness ready = readiness(health);
  EXPECT_FALSE(ready.is_ready);
  EXPECT_EQ(ready.verbose,
            "[+]engine ok\n[-]store failed: it cannot be written, nothing is kept until it can\n"
            "[+]config ok\nreadyz check failed\n");
}

// A refused reload leaves the old configuration running: worth saying, no reason to be taken out.
// Its text stays inside.
TEST(Readiness, ARefusedReloadIsToldWithoutItsText) {
  EngineHealth health;
  health.config_error = "secret.yaml:1:1: password";
  const Readiness ready = readiness(health);
  EXPECT_TRUE(ready.is_ready);
  EXPECT_EQ(ready.verbose.find("password"), std::string::npos);
  EXPECT_NE(ready.verbose.find("the last reload was refused"), std::string::npos);
}

}  // namespace
}  // namespace tocsin
