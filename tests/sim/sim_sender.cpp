#include "sim/sim_sender.h"

#include <utility>

#include "base/limits.h"

namespace tocsin::sim {
namespace {

std::string header_of(const HttpMessage& message, std::string_view name) {
  for (const auto& [key, value] : message.headers) {
    if (key == name) {
      return value.reveal();
    }
  }
  return {};
}

std::string message_id_of(const MailMessage& message) {
  const size_t at = message.content.find("Message-ID: ");
  const size_t end = message.content.find("\r\n", at);
  return at == std::string::npos ? std::string() : message.content.substr(at + 12, end - at - 12);
}

}  // namespace

void SimSender::accept(const OutgoingMessage& message) {
  Accepted accepted{.at = clock_.since_start(), .receiver = {}, .key = {}, .body = {}};
  if (const auto* http = std::get_if<HttpMessage>(&message)) {
    accepted.receiver = http->url.reveal();
    accepted.key = header_of(*http, "webhook-id");
    accepted.body = http->body;
  } else {
    const auto& mail = std::get<MailMessage>(message);
    accepted.receiver = mail.to.front();
    accepted.key = message_id_of(mail);
    accepted.body = mail.content;
  }
  accepted_.push_back(std::move(accepted));
}

void SimSender::send(uint64_t token, OutgoingMessage message, SendSink& sink) {
  ++tries_;
  SendOutcome outcome{
      .kind = SendOutcome::Kind::delivered, .result = "200 OK", .retry_after = {}, .took = 5ms};
  switch (mode_) {
    case ReceiverMode::up:
      accept(message);
      break;
    case ReceiverMode::dead:
      outcome = {SendOutcome::Kind::retry, "connection refused", {}, 1ms};
      break;
    case ReceiverMode::refusing:
      outcome = {SendOutcome::Kind::retry, "500 Internal Server Error", {}, 5ms};
      break;
    case ReceiverMode::hanging:
      outcome = {SendOutcome::Kind::retry, "timed out", {}, kDeliveryTimeout};
      break;
    case ReceiverMode::lost_answer:
      accept(message);
      outcome = {SendOutcome::Kind::retry, "connection lost after sending", {}, 5ms};
      break;
  }
  network_.schedule(clock_.steady_now() + outcome.took,
                    [this, token, outcome, &sink, life = life_] {
                      if (life == life_) {
                        sink.on_sent(token, outcome);
                      }
                    });
}

}  // namespace tocsin::sim
