// Sender: gets one message to one receiver, once. Retrying, order and record-keeping are the
// outbox's (notify/outbox.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/channel.h"

namespace tocsin {

struct HttpMessage {
  std::string method = "POST";
  Secret url;
  // No CR, LF, NUL in names or values: refused before it leaves.
  std::vector<std::pair<std::string, Secret>> headers;
  std::string body;
  std::optional<Duration> within;  // a shorter time than the sender's own for the whole attempt
};
struct MailMessage {
  SmtpSettings smtp;
  std::string from;
  std::vector<std::string> to;
  std::string content;             // RFC 5322, CRLF line ends
  std::optional<Duration> within;  // as above
};
using OutgoingMessage = std::variant<HttpMessage, MailMessage>;

struct SendOutcome {
  // Rejected: trying again cannot help (410, 5xx of SMTP).
  enum class Kind : uint8_t { delivered, retry, rejected };
  Kind kind = Kind::retry;
  std::string result;  // "204 No Content", "connection refused by 127.0.0.1:9000"; safe to show, at
                       // most 500 bytes
  std::optional<Duration> retry_after;  // what the receiver asked for, capped at kRetryAfterMax
  Duration took{};
};

class SendSink {
 public:
  virtual ~SendSink() = default;
  // On the loop, exactly once per send() that was not followed by the end of the program.
  virtual void on_sent(uint64_t token, const SendOutcome& outcome) = 0;
};

class Sender {
 public:
  virtual ~Sender() = default;
  // Never blocks. The whole attempt ends within kDeliveryTimeout, of a mail within kMailTimeout,
  // and within what the message asks for.
  virtual void send(uint64_t token, OutgoingMessage message, SendSink& sink) = 0;
};

}  // namespace tocsin
