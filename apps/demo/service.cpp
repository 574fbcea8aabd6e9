#include "service.h"

namespace tocsin::demo {
namespace {

Answer mail_answer(std::string_view line) {
  if (line.starts_with("QUIT")) {
    return {.text = "221 bye\r\n", .close = true};
  }
  if (line.starts_with("EHLO") || line.starts_with("HELO") || line.starts_with("NOOP")) {
    return {.text = "250 demo.tocsin\r\n"};
  }
  return {.text = "502 this is a demonstration\r\n"};
}

Answer redis_answer(std::string_view line) {
  if (line == "PING") {
    return {.text = "+PONG\r\n"};
  }
  if (line == "QUIT") {
    return {.text = "+OK\r\n", .close = true};
  }
  return {.text = "-ERR this is a demonstration\r\n"};
}

}  // namespace

std::vector<Service> demo_services() {
  return {
      {.behaviour = Behaviour::answering, .id = "answering", .name = "Cache that answers"},
      {.behaviour = Behaviour::slow, .id = "slow", .name = "Cache that is slow"},
      {.behaviour = Behaviour::refusing, .id = "refusing", .name = "Port that refuses"},
      {.behaviour = Behaviour::flapping, .id = "flapping", .name = "Service that comes and goes"},
      {.behaviour = Behaviour::smtp, .id = "mail", .name = "Mail server"},
      {.behaviour = Behaviour::tls, .id = "tls", .name = "Cache over TLS"},
  };
}

bool listens_at(Behaviour behaviour, Duration since_start) {
  if (behaviour == Behaviour::refusing) {
    return false;
  }
  return behaviour != Behaviour::flapping || since_start % (kFlapUp + kFlapDown) < kFlapUp;
}

std::string greeting_of(Behaviour behaviour) {
  return behaviour == Behaviour::smtp ? "220 demo.tocsin ESMTP\r\n" : "";
}

Answer answer_to(Behaviour behaviour, std::string_view line) {
  return behaviour == Behaviour::smtp ? mail_answer(line) : redis_answer(line);
}

}  // namespace tocsin::demo
