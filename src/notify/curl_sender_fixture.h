// The sender and a mailbox for tests against real sockets on 127.0.0.1.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "notify/curl_sender.h"
#include "notify/tiny_servers.h"

namespace tocsin {

// A mailbox whose work the test runs itself.
class TestMailbox : public Mailbox {
 public:
  void post(std::function<void()> work) override {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    came_.notify_one();
  }
  // Runs the next closure; false when none came in 20 s.
  bool run_one() {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, std::chrono::seconds(20), [this] { return !work_.empty(); })) {
      return false;
    }
    const std::function<void()> work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    work();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> work_;
};

class CurlSenderTest : public testing::Test, protected SendSink {
 protected:
  void start(CurlSenderSettings settings = {}) {
    sender = make_curl_sender(mailbox, reach, settings).value();
  }

  static HttpMessage http(std::string url) {
    HttpMessage message;
    message.url = Secret(std::move(url));
    message.headers = {{"content-type", Secret("application/json")}};
    message.body = "{\"a\":1}";
    return message;
  }
  static MailMessage mail(uint16_t port) {
    MailMessage message;
    message.smtp = {.host = "127.0.0.1", .port = port, .security = SmtpSecurity::none};
    message.from = "tocsin@example.org";
    message.to = {"ops@example.org"};
    message.content = "Subject: x\r\n\r\nhello\r\n.\r\nline\r\n";
    return message;
  }

  SendOutcome send(OutgoingMessage message) {
    if (!sender) {
      start();
    }
    outcomes.clear();
    sender->send(7, std::move(message), *this);
    EXPECT_TRUE(mailbox.run_one()) << "no outcome came";
    return outcomes.empty() ? SendOutcome{} : outcomes[0].second;
  }
  SendOutcome send_to(const std::string& reply) {
    TinyHttpServer server(reply);
    return send(http(server.url()));
  }
  SendOutcome send_mail(std::map<std::string, std::string> replies) {
    TinySmtpServer server(std::move(replies));
    return send(mail(server.port()));
  }

  void on_sent(uint64_t token, const SendOutcome& outcome) override {
    outcomes.emplace_back(token, outcome);
  }

  static constexpr std::chrono::milliseconds kShortTime{200};
  static constexpr CurlSenderSettings kShort{.http = {.connect = kShortTime, .total = kShortTime},
                                             .patience = kShortTime};
  TestMailbox mailbox;
  ReachPolicy reach;
  std::vector<std::pair<uint64_t, SendOutcome>> outcomes;
  std::unique_ptr<Sender> sender;
};

}  // namespace tocsin
