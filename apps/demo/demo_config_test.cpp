#include "demo_config.h"

#include <gtest/gtest.h>

#include "config/config_reader.h"

namespace tocsin::demo {
namespace {

std::vector<Service> with_ports() {
  std::vector<Service> services = demo_services();
  uint16_t port = 20'000;
  for (Service& service : services) {
    service.port = port++;
  }
  return services;
}

// What scripts/run starts with must be a configuration without a mistake, and one monitor a
// service.
TEST(DemoConfig, IsValidAndWatchesEveryService) {
  const std::vector<Service> services = with_ports();
  const ConfigText text{"demo.yaml", demo_config(services, "/tmp/demo.pem")};
  const ConfigReading reading = read_config(std::span(&text, 1), process_references());
  for (const ConfigProblem& problem : reading.problems) {
    ADD_FAILURE() << problem_text(problem);
  }
  ASSERT_TRUE(reading.config);
  ASSERT_EQ(reading.config->monitors.size(), services.size());
  for (size_t index = 0; index < services.size(); ++index) {
    EXPECT_EQ(reading.config->monitors[index].id, services[index].id);
    EXPECT_EQ(reading.config->monitors[index].target.port(), services[index].port);
  }
  EXPECT_EQ(reading.config->monitors.back().tls.ca_file, "/tmp/demo.pem");
}

// A newcomer must see it go down and come back within two minutes.
TEST(DemoService, FlapsFortySecondsUpTwentyDown) {
  EXPECT_TRUE(listens_at(Behaviour::flapping, 0s));
  EXPECT_TRUE(listens_at(Behaviour::flapping, 39s));
  EXPECT_FALSE(listens_at(Behaviour::flapping, 40s));
  EXPECT_FALSE(listens_at(Behaviour::flapping, 59s));
  EXPECT_TRUE(listens_at(Behaviour::flapping, 60s));
}

TEST(DemoService, RefusingNeverListens) { EXPECT_FALSE(listens_at(Behaviour::refusing, 5s)); }

TEST(DemoService, SpeaksAsItsMonitorExpects) {
  EXPECT_EQ(answer_to(Behaviour::answering, "PING").text, "+PONG\r\n");
  EXPECT_EQ(greeting_of(Behaviour::smtp).substr(0, 4), "220 ");
  EXPECT_TRUE(answer_to(Behaviour::smtp, "QUIT").close);
}

}  // namespace
}  // namespace tocsin::demo
