#include "demo_config.h"

#include <fmt/format.h>

namespace tocsin::demo {
namespace {

constexpr const char* kPing =
    R"(    request: [ { send: "PING\r\n" }, { expect: "+PONG" } ]
)";

std::string details_of(const Service& service, const std::filesystem::path& ca_file) {
  switch (service.behaviour) {
    case Behaviour::answering:
      return kPing + std::string("    assert: [ \"response_time < 200ms\" ]\n");
    case Behaviour::slow:
      return kPing + std::string("    degraded_after: 250ms\n    fail_after: 2s\n");
    case Behaviour::refusing:
      return "    alert: { after_runs: 2 }\n";
    case Behaviour::flapping:
      return kPing;
    case Behaviour::smtp:
      return "    preset: smtp\n    request: [ { expect: { regex: \"^220 \" } } ]\n";
    case Behaviour::tls:
      return kPing + fmt::format(
                         "    tls: {{ mode: direct, ca_file: \"{}\" }}\n"
                         "    assert: [ \"cert_days_left > 3\" ]\n",
                         ca_file.string());
  }
  return "";
}

}  // namespace

std::string demo_config(std::span<const Service> services, const std::filesystem::path& ca_file) {
  std::string text =
      "# Demonstration services of this machine, written by tocsin-demo at every start.\n"
      "version: 1\n"
      "defaults: { interval: 5s, timeout: 3s, tags: [demo] }\n"
      "monitors:\n";
  for (const Service& service : services) {
    text += fmt::format("  {}:\n    name: {}\n    target: 127.0.0.1:{}\n{}", service.id,
                        service.name, service.port, details_of(service, ca_file));
  }
  return text;
}

}  // namespace tocsin::demo
