#include "probe/proxy_talk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "core/evaluate.h"
#include "probe/proxy_answer.h"

namespace tocsin {
namespace {

using Step = ProxyTalk::Step;

// RFC 1928 3-6, RFC 1929 2.
constexpr char kSocksVersion = 5;
constexpr char kAuthVersion = 1;
constexpr char kNoAuth = 0;
constexpr char kUserPassword = 2;
constexpr char kConnect = 1;
constexpr char kAddressV4 = 1;
constexpr char kAddressName = 3;
constexpr char kAddressV6 = 4;
constexpr size_t kReplyFixed = 4;  // version, reply, reserved, kind of address
constexpr size_t kPortBytes = 2;

Step over(ProbeError error, size_t used) {
  return {.send = {}, .is_through = false, .error = std::move(error), .used = used};
}

ProbeError proxy_failed(std::string detail) {
  return {ErrorCode::proxy_failed, Phase::connect, std::move(detail)};
}

std::string with_length(std::string_view text) {
  return static_cast<char>(static_cast<unsigned char>(text.size())) + std::string(text);
}

std::string socks_address(const Target& target) {
  std::string bytes;
  if (const std::optional<IpAddress>& ip = target.literal()) {
    const bool is_v4 = ip->family == Family::v4;
    bytes += is_v4 ? kAddressV4 : kAddressV6;
    bytes.append(reinterpret_cast<const char*>(ip->bytes.data()), is_v4 ? 4 : 16);
  } else {
    bytes += kAddressName;
    bytes += with_length(target.host());
  }
  bytes += static_cast<char>(target.port() >> 8);
  bytes += static_cast<char>(target.port() & 0xff);
  return bytes;
}

void hide(std::string& text, std::string_view secret) {
  for (size_t at = text.find(secret); !secret.empty() && at != std::string::npos;
       at = text.find(secret, at + kHiddenPassword.size())) {
    text.replace(at, secret.size(), kHiddenPassword);
  }
}

class Socks5Talk final : public ProxyTalk {
 public:
  Socks5Talk(const Proxy& proxy, const Target& target)
      : user_(proxy.user), password_(proxy.password), address_(socks_address(target)) {}

  [[nodiscard]] std::string start() override {
    return user_.empty() ? std::string{kSocksVersion, 1, kNoAuth}
                         : std::string{kSocksVersion, 2, kNoAuth, kUserPassword};
  }

  Step on_bytes(std::string_view bytes) override {
    Step step;
    for (const char c : bytes) {
      ++step.used;
      inbox_ += c;
      Step next = on_inbox();
      step.send += next.send;
      if (next.is_through || next.error) {
        step.is_through = next.is_through;
        step.error = std::move(next.error);
        break;
      }
    }
    return step;
  }

  [[nodiscard]] bool is_about_target() const override { return state_ == State::connecting; }

 private:
  enum class State : uint8_t { greeting, signing_in, connecting };

  [[nodiscard]] unsigned byte(size_t at) const { return static_cast<unsigned char>(inbox_[at]); }

  // One more byte has come; what is whole is taken.
  Step on_inbox() {
    const char version = state_ == State::signing_in ? kAuthVersion : kSocksVersion;
    if (inbox_[0] != version) {
      return over(proxy_failed(fmt::format("{}SOCKS5 proxy: its answer begins with 0x{:02x}",
                                           kNoProxyOfItsKind, byte(0))),
                  0);
    }
    if (inbox_.size() < 2) {
      return {};
    }
    switch (state_) {
      case State::greeting:
        return on_method();
      case State::signing_in:
        return on_signed_in();
      case State::connecting:
        return on_reply();
    }
    return {};
  }

  Step on_method() {
    const char method = inbox_[1];
    if (method == kUserPassword && !user_.empty()) {
      state_ = State::signing_in;
      inbox_.clear();
      return {.send = kAuthVersion + with_length(user_) + with_length(password_.reveal())};
    }
    if (method == kNoAuth) {
      return ask();
    }
    const std::string_view why = user_.empty()
                                     ? "it wants a name and a password, or another way to sign in"
                                     : "it takes no name and password";
    return over(proxy_failed(fmt::format("{} (SOCKS5 method {})", why, byte(1))), 0);
  }

  Step on_signed_in() {
    if (byte(1) != 0) {
      return over(proxy_failed("it refused the name or the password (RFC 1929)"), 0);
    }
    return ask();
  }

  Step ask() {
    state_ = State::connecting;
    inbox_.clear();
    return {.send = std::string{kSocksVersion, kConnect, 0} + address_};
  }

  Step on_reply() {
    if (byte(1) != 0) {
      return over(socks_refusal(static_cast<uint8_t>(byte(1))), 0);
    }
    if (inbox_.size() < kReplyFixed + 1) {
      return {};
    }
    size_t whole = kReplyFixed + kPortBytes;
    switch (inbox_[3]) {
      case kAddressV4:
        whole += 4;
        break;
      case kAddressV6:
        whole += 16;
        break;
      case kAddressName:
        whole += 1 + byte(kReplyFixed);
        break;
      default:
        return over(
            proxy_failed(fmt::format("its answer has an address of the unknown kind {}", byte(3))),
            0);
    }
    return {.is_through = inbox_.size() == whole};
  }

  std::string user_;
  Secret password_;
  std::string address_;
  State state_ = State::greeting;
  std::string inbox_;  // of the answer that is being read; 262 bytes at most
};

class ConnectTalk final : public ProxyTalk {
 public:
  ConnectTalk(const Proxy& proxy, const Target& target) : proxy_(proxy), target_(target) {}

  [[nodiscard]] std::string start() override {
    const std::string authority = target_.text();
    std::string head = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", authority);
    if (!proxy_.user.empty()) {
      head += fmt::format("Proxy-Authorization: Basic {}\r\n", basic_credentials());
    }
    return head + "\r\n";
  }

  Step on_bytes(std::string_view bytes) override {
    for (size_t used = 1; used <= bytes.size(); ++used) {
      head_ += bytes[used - 1];
      if (!could_be_http()) {
        return refused(proxy_failed(fmt::format("{}HTTP proxy: its answer begins with \"{}\"",
                                                kNoProxyOfItsKind, escape_for_display(head_, 20))),
                       used);
      }
      if (++seen_ > kProxyHeadMax) {
        return over(proxy_failed("the head of its answer has no end"), used);
      }
      if (!head_.ends_with("\n\r\n") && !head_.ends_with("\n\n")) {
        continue;
      }
      const HttpAnswer answer = read_http_answer(head_);
      if (answer.status / 100 == 1) {  // RFC 9110 15.2: interim, the real one follows
        head_.clear();
        has_said_wait_ = true;
        continue;
      }
      if (answer.status / 100 == 2) {
        return {.send = {}, .is_through = true, .error = {}, .used = used};
      }
      return refused(http_refusal(answer), used);
    }
    return {.send = {}, .is_through = false, .error = {}, .used = bytes.size()};
  }

  // An HTTP proxy says nothing before it has an answer of the target, but for interim ones.
  [[nodiscard]] bool is_about_target() const override { return has_said_wait_; }

  // RFC 9110 7.6.2, 9.3.7: it is not passed on. Whatever comes back, be it 400, proves life.
  [[nodiscard]] std::string question_to_itself() const override {
    return fmt::format(
        "OPTIONS * HTTP/1.1\r\nHost: {}\r\nMax-Forwards: 0\r\nConnection: close\r\n\r\n",
        proxy_.at.text());
  }

 private:
  // With words of the proxy in it, which might say back what we have told it.
  [[nodiscard]] Step refused(ProbeError error, size_t used) const {
    const std::string& password = proxy_.password.reveal();
    hide(error.detail, password);
    hide(error.detail, basic_credentials());
    return over(std::move(error), used);
  }

  [[nodiscard]] std::string basic_credentials() const {
    return proxy_.user.empty() ? std::string()
                               : to_base64(proxy_.user + ":" + proxy_.password.reveal());
  }

  [[nodiscard]] bool could_be_http() const {
    constexpr std::string_view kBegins = "HTTP/1.";
    const size_t both = std::min(head_.size(), kBegins.size());
    return std::string_view(head_).substr(0, both) == kBegins.substr(0, both);
  }

  Proxy proxy_;
  Target target_;
  std::string head_;
  size_t seen_ = 0;
  bool has_said_wait_ = false;
};

}  // namespace

std::unique_ptr<ProxyTalk> ProxyTalk::make(const Proxy& proxy, const Target& target) {
  CHECK(!target.is_unix(), "a unix socket is reached through no proxy");
  if (proxy.kind == ProxyKind::socks5) {
    return std::make_unique<Socks5Talk>(proxy, target);
  }
  return std::make_unique<ConnectTalk>(proxy, target);
}

}  // namespace tocsin
