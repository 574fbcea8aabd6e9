// What came back so far in one transfer: pure parsing of the reply's lines, apart from libcurl so
// that it can be tested and fuzzed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

// Status line and the few headers of an HTTP reply we care about.
class HttpReply {
 public:
  void on_line(
      std::string_view line);  // one header line as received, status line and empty line included

  [[nodiscard]] bool complete() const {
    return complete_;
  }  // the header of a final (not 1xx) reply came whole
  [[nodiscard]] long status() const { return status_; }
  [[nodiscard]] const std::string& phrase() const { return phrase_; }
  [[nodiscard]] const std::string& retry_after() const { return retry_after_; }

 private:
  long status_ = 0;
  std::string phrase_;
  std::string retry_after_;
  bool complete_ = false;
};

// Reply lines of an SMTP server.
class SmtpReply {
 public:
  void on_line(std::string_view line);
  // Greeting, STARTTLS and login are over: refusals from now on are about the mail. A server that
  // knows no EHLO refused that, and takes mail all the same.
  void begin_mail();

  [[nodiscard]] bool logged_in() const { return logged_in_; }

  [[nodiscard]] bool accepted() const {
    return accepted_;
  }  // the message itself: 2xx behind the 354 of DATA
  [[nodiscard]] bool any() const { return last_code_ != 0; }
  [[nodiscard]] long refusal_code() const {
    return refusal_code_;
  }  // of the newest 5xx, or of the newest 4xx when there was one: trying again may help; 0 = none
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  [[nodiscard]] const std::string& acceptance() const { return acceptance_; }
  [[nodiscard]] int refusals() const { return refusals_; }

 private:
  long last_code_ = 0;
  bool accepted_ = false;
  bool logged_in_ = false;
  std::string acceptance_, refusal_;
  long refusal_code_ = 0;
  int refusals_ = 0;
};

}  // namespace tocsin
