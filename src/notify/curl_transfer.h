// CurlTransfer: one attempt to send one message, on one easy handle of libcurl. It sets the handle
// up, gates every connect, bounds what comes back, and says at the end what the attempt came to.
// Used by the sender's thread only.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "notify/curl_reply.h"
#include "notify/curl_sender.h"

namespace tocsin {

class CurlTransfer {
 public:
  CurlTransfer(uint64_t token, SendSink& sink, OutgoingMessage message, const ReachPolicy& reach,
               const CurlSenderSettings& settings);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Sets the handle up; an outcome at once when the message cannot be sent at all.
  std::optional<SendOutcome> prepare();
  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  // After the transfer ended with `code`.
  [[nodiscard]] SendOutcome outcome(CURLcode code) const;

  [[nodiscard]] uint64_t token() const { return token_; }
  [[nodiscard]] SendSink& sink() const { return sink_; }

 private:
  struct CloseEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, FreeList>;
  using Steady = std::chrono::steady_clock::time_point;

  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static size_t on_header(char* bytes, size_t size, size_t count, void* self);
  static size_t on_body(char* bytes, size_t size, size_t count, void* self);
  static size_t on_upload(char* buffer, size_t size, size_t count, void* self);
  static int on_ready(void* self, char*, char*, int, int);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  void set_common();
  std::optional<SendOutcome> prepare_http(const HttpMessage& message);
  std::optional<SendOutcome> prepare_mail(const MailMessage& message);
  static bool append(List& list, const std::string& text);
  [[nodiscard]] const TransferLimits& limits() const { return limits_; }
  [[nodiscard]] bool is_mail() const { return std::holds_alternative<MailMessage>(message_); }
  [[nodiscard]] SendOutcome mail_outcome(CURLcode code) const;
  [[nodiscard]] SendOutcome trouble_outcome(CURLcode code) const;

  const uint64_t token_;
  SendSink& sink_;
  const OutgoingMessage message_;
  const ReachPolicy& reach_;
  const TransferLimits limits_;
  List list_;  // headers or receivers; libcurl reads it during the transfer
  HttpReply http_reply_;
  SmtpReply smtp_reply_;
  size_t header_bytes_ = 0, body_bytes_ = 0, uploaded_ = 0;
  std::string peer_;       // address of the newest connect
  std::string refused_;    // the gate's sentence of the newest refusal
  bool opened_ = false;    // the gate let one address pass
  bool no_login_ = false;  // given up because the server took no login
  Steady started_{}, last_reply_{};
  std::unique_ptr<CURL, CloseEasy> easy_;  // last: goes first, while the rest still stands
};

}  // namespace tocsin
