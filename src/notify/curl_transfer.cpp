#include "notify/curl_transfer.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "notify/curl_words.h"
#include "notify/http_header.h"
#include "notify/outcome.h"
#include "notify/safe_text.h"

namespace tocsin {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kReplyHeaderBytesMax = 64_KiB;
// How long we wait for the answer to our goodbye. libcurl waits for it inside one call, and all
// other transfers wait with it.
constexpr std::chrono::milliseconds kGoodbyeTime = 500ms;

SendOutcome rejected(std::string why) {
  return {.kind = SendOutcome::Kind::rejected, .result = std::move(why)};
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= kHostBytesMax && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
  });
}

// What may stand between the angle brackets of MAIL FROM and RCPT TO; the last gate against a
// smuggled command.
bool is_envelope_address(std::string_view address) {
  return !address.empty() && std::ranges::all_of(address, [](char c) {
    return c > ' ' && c <= '~' && c != '<' && c != '>';
  });
}

std::string smtp_url(const SmtpSettings& smtp) {
  const bool literal_v6 = smtp.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", smtp.security == SmtpSecurity::tls ? "smtps" : "smtp",
                     literal_v6 ? "[" : "", smtp.host, literal_v6 ? "]" : "", smtp.port);
}

// The sender's own, or what the message asks for when that is less.
TransferLimits limits_of(const OutgoingMessage& message, const CurlSenderSettings& settings) {
  const bool is_mail = std::holds_alternative<MailMessage>(message);
  TransferLimits limits = is_mail ? settings.mail : settings.http;
  if (const auto within = std::visit([](const auto& one) { return one.within; }, message)) {
    limits.total = std::min(limits.total, std::chrono::ceil<std::chrono::milliseconds>(*within));
    limits.connect = std::min(limits.connect, limits.total);
  }
  return limits;
}

Duration since(SteadyClock::time_point start) {
  return std::chrono::duration_cast<Duration>(SteadyClock::now() - start);
}

}  // namespace

CurlTransfer::CurlTransfer(uint64_t token, SendSink& sink, OutgoingMessage message,
                           const ReachPolicy& reach, const CurlSenderSettings& settings)
    : token_(token),
      sink_(sink),
      message_(std::move(message)),
      reach_(reach),
      limits_(limits_of(message_, settings)),
      easy_(curl_easy_init()) {}

std::optional<SendOutcome> CurlTransfer::prepare() {
  if (!easy_) {
    return SendOutcome{.kind = SendOutcome::Kind::retry, .result = "out of memory"};
  }
  started_ = SteadyClock::now();
  set_common();
  return is_mail() ? prepare_mail(std::get<MailMessage>(message_))
                   : prepare_http(std::get<HttpMessage>(message_));
}

void CurlTransfer::set_common() {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits().connect.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limits().total.count()));
  // Without this the end of a transfer waits for a resolver thread that hangs, and every other
  // channel with it.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

std::optional<SendOutcome> CurlTransfer::prepare_http(const HttpMessage& message) {
  if (!is_header_name(message.method)) {
    return rejected("the method of the request is not a word of HTTP");
  }
  for (const auto& [name, value] : message.headers) {
    if (!is_header_name(name) || !is_header_value(value.reveal())) {
      return rejected(fmt::format("header \"{}\" has a character that no header may have",
                                  shown_line(name, 100)));
    }
    // "Name;" is how libcurl is told to send a header without a value; "Name:" would take it away.
    if (!append(list_, value.empty() ? name + ";" : name + ": " + value.reveal())) {
      return SendOutcome{.kind = SendOutcome::Kind::retry, .result = "out of memory"};
    }
  }
  append(list_, "Expect:");
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(message.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, message.body.data());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, message.method.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list_.get());
  if (message.url.reveal().find('\0') != std::string::npos ||
      curl_easy_setopt(easy, CURLOPT_URL, message.url.reveal().c_str()) != CURLE_OK) {
    return rejected("the URL cannot be read");
  }
  return std::nullopt;
}

std::optional<SendOutcome> CurlTransfer::prepare_mail(const MailMessage& message) {
  if (!is_host(message.smtp.host)) {
    return rejected("the host of the SMTP server is not a host name");
  }
  if (!is_envelope_address(message.from) || message.to.empty() ||
      !std::ranges::all_of(message.to, is_envelope_address)) {
    return rejected("the sender or a receiver of the mail is not an address");
  }
  for (const std::string& to : message.to) {
    append(list_, "<" + to + ">");
  }
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_URL, smtp_url(message.smtp).c_str());
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   static_cast<long>(message.smtp.security == SmtpSecurity::none ? CURLUSESSL_NONE
                                                                                 : CURLUSESSL_ALL));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, message.smtp.verify ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, message.smtp.verify ? 2L : 0L);
  if (!message.smtp.username.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, message.smtp.username.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, message.smtp.password.reveal().c_str());
  }
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &CurlTransfer::on_ready);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ("<" + message.from + ">").c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, list_.get());
  // One receiver who left the company must not keep the mail from the others.
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.content.size()));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &CurlTransfer::on_upload);
  curl_easy_setopt(easy, CURLOPT_READDATA, this);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &CurlTransfer::on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
  return std::nullopt;
}

bool CurlTransfer::append(List& list, const std::string& text) {
  curl_slist* const longer = curl_slist_append(list.get(), text.c_str());
  if (longer == nullptr) {
    return false;
  }
  if (!list) {
    list.reset(longer);  // later it is the same list
  }
  return true;
}

// The gate: here the address is known that will really be connected to, whatever the name said
// before.
curl_socket_t CurlTransfer::on_open_socket(void* self, curlsocktype /*purpose*/,
                                           curl_sockaddr* address) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  sockaddr_storage storage{};
  const auto length = std::min<size_t>(address->addrlen, sizeof storage);
  std::memcpy(&storage, &address->addr, length);
  const SocketAddress to = SocketAddress::from_sockaddr(storage, static_cast<socklen_t>(length));
  if (auto refusal = transfer.reach_.refuse(to, ReachRole::operator_files)) {
    transfer.refused_ = std::move(*refusal);
    return CURL_SOCKET_BAD;
  }
  transfer.peer_ = to.text();
  transfer.opened_ = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t CurlTransfer::on_header(char* bytes, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const size_t length = size * count;
  transfer.header_bytes_ += length;
  if (transfer.header_bytes_ > kReplyHeaderBytesMax) {
    return 0;
  }
  transfer.last_reply_ = SteadyClock::now();
  const std::string_view line(bytes, length);
  if (transfer.is_mail()) {
    transfer.smtp_reply_.on_line(line);
  } else {
    transfer.http_reply_.on_line(line);
  }
  return length;
}

// The body is read for politeness only and dropped; too much of it ends the transfer, whose status
// is known by then.
size_t CurlTransfer::on_body(char* /*bytes*/, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.body_bytes_ += size * count;
  return transfer.body_bytes_ > kDeliveryReplyBytesMax ? 0 : size * count;
}

size_t CurlTransfer::on_upload(char* buffer, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string& content = std::get<MailMessage>(transfer.message_).content;
  const size_t length = std::min(size * count, content.size() - transfer.uploaded_);
  content.copy(buffer, length, transfer.uploaded_);
  transfer.uploaded_ += length;
  return length;
}

// Greeting, STARTTLS and login are over, the mail comes next. libcurl goes on without a login when
// the server offers none; whoever gave a user name did not mean that.
int CurlTransfer::on_ready(void* self, char* /*peer*/, char* /*local*/, int /*peer_port*/,
                           int /*local_port*/) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.smtp_reply_.begin_mail();
  const SmtpSettings& smtp = std::get<MailMessage>(transfer.message_).smtp;
  transfer.no_login_ = !smtp.username.empty() && !transfer.smtp_reply_.logged_in();
  return transfer.no_login_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

int CurlTransfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<const CurlTransfer*>(self);
  const bool decided = transfer.smtp_reply_.accepted() || transfer.smtp_reply_.refusal_code() != 0;
  if (decided && since(transfer.last_reply_) > kGoodbyeTime) {
    return 1;
  }
  return since(transfer.started_) > transfer.limits().total + kGoodbyeTime ? 1 : 0;
}

SendOutcome CurlTransfer::outcome(CURLcode code) const {
  SendOutcome outcome;
  if (!refused_.empty() && !opened_) {
    // Not for ever: the name may lead elsewhere tomorrow, and a wrong URL gets repaired.
    outcome = {.kind = SendOutcome::Kind::retry, .result = refused_};
  } else if (is_mail()) {
    outcome = mail_outcome(code);
  } else if (http_reply_.complete()) {
    // Whatever happened to the body later, the receiver has given its answer.
    outcome.kind = http_outcome(http_reply_.status());
    outcome.result = status_words(http_reply_.status(), http_reply_.phrase());
    if (outcome.kind == SendOutcome::Kind::retry) {
      outcome.retry_after =
          parse_retry_after(http_reply_.retry_after(),
                            std::chrono::floor<Duration>(std::chrono::system_clock::now()));
    }
  } else {
    outcome = trouble_outcome(code);
  }
  outcome.took = since(started_);
  return outcome;
}

SendOutcome CurlTransfer::mail_outcome(CURLcode code) const {
  if (smtp_reply_.accepted()) {
    const int refusals = smtp_reply_.refusals();
    std::string words = smtp_reply_.acceptance();
    if (refusals > 0) {
      words += fmt::format("; but {} of {} receivers refused: {}", refusals,
                           std::get<MailMessage>(message_).to.size(), smtp_reply_.refusal());
    }
    return {.kind = SendOutcome::Kind::delivered, .result = std::move(words)};
  }
  // libcurl stops by itself when the server offers logins of which it knows none.
  const bool knows_no_login = code == CURLE_LOGIN_DENIED && smtp_reply_.refusal_code() == 0;
  if (no_login_ || knows_no_login) {
    return {.kind = SendOutcome::Kind::retry, .result = no_login_words(peer_)};
  }
  const bool answered = code != CURLE_USE_SSL_FAILED && code != CURLE_OPERATION_TIMEDOUT &&
                        code != CURLE_ABORTED_BY_CALLBACK && smtp_reply_.refusal_code() != 0;
  if (answered) {
    return {.kind = smtp_outcome(smtp_reply_.refusal_code()), .result = smtp_reply_.refusal()};
  }
  return trouble_outcome(code);
}

SendOutcome CurlTransfer::trouble_outcome(CURLcode code) const {
  TransferTrouble trouble{.code = code,
                          .peer = peer_,
                          .connect_timeout = limits().connect,
                          .total_timeout = limits().total,
                          .took = since(started_)};
  long system_error = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
  trouble.system_error = static_cast<int>(system_error);
  curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &trouble.verify_result);
  curl_off_t connect_time = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_CONNECT_TIME_T, &connect_time);
  trouble.connected = connect_time > 0;
  // About the URL only before anything was connected to; afterwards the same codes are about the
  // answer, which may be another one next time.
  const bool hopeless =
      !opened_ && (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT);
  return {.kind = hopeless ? SendOutcome::Kind::rejected : SendOutcome::Kind::retry,
          .result = trouble_words(trouble)};
}

}  // namespace tocsin
