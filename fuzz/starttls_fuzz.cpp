// The words before TLS: whatever a peer says in them, they end once, are the same however its bytes
// were cut, and TLS begins only after a whole agreement. What follows an agreement is words in
// clear when it came along with it, and else the beginning of TLS: a cut may decide that, and no
// more.
//
// The first byte chooses the protocol and the cut, the rest is what the peer says.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "core/dialogue.h"
#include "probe/starttls.h"

namespace {

using namespace tocsin;

constexpr SteadyTime kStart{1h};
constexpr std::array<std::string_view, 8> kProtocols = {"smtp", "imap", "pop3",     "ftp",
                                                        "ldap", "xmpp", "postgres", "mysql"};

struct Talk {
  bool tls = false;
  std::optional<ErrorCode> error;
  bool more_behind = false;  // the agreement, and bytes behind it that were not read with it

  // Agreed, and what the peer said is not the end of it: TLS has to fail on it.
  [[nodiscard]] bool agreed_and_said_more() const {
    return tls ? more_behind : error == ErrorCode::tls_handshake;
  }
  [[nodiscard]] bool is_like(const Talk& whole) const {
    return (tls == whole.tls && error == whole.error) ||
           (agreed_and_said_more() && whole.agreed_and_said_more());
  }
};

Talk talk(const Monitor& monitor, std::string_view bytes, size_t cut) {
  Dialogue dialogue(monitor, kStart + monitor.timeout);
  Talk talk;
  bool is_over = false;
  const auto follow = [&](Dialogue::Action action) {
    while (!action.send.empty()) {
      CHECK(!talk.tls, "nothing more is said in clear once TLS is agreed on");
      action = dialogue.on_sent(kStart);
    }
    talk.tls = talk.tls || action.start_tls;
    is_over = talk.tls || action.done;
    talk.error = action.error ? std::optional(action.error->code) : std::nullopt;
  };
  follow(dialogue.start(kStart));
  for (; !is_over && !bytes.empty(); bytes.remove_prefix(std::min(cut, bytes.size()))) {
    follow(dialogue.on_bytes(bytes.substr(0, cut), kStart));
  }
  if (!is_over) {
    follow(dialogue.on_peer_closed(kStart));
    CHECK(is_over && talk.error, "without an agreement the end of the stream is an error");
  }
  talk.more_behind = !bytes.empty();
  return talk;
}

std::vector<std::shared_ptr<const Monitor>> monitors() {
  std::vector<std::shared_ptr<const Monitor>> all;
  for (const std::string_view protocol : kProtocols) {
    auto plain = std::make_shared<Monitor>();
    plain->target = Target::parse("mail.example:25").value();
    plain->tls = {.mode = TlsMode::starttls, .protocol = std::string(protocol)};
    all.push_back(with_starttls_steps(plain));
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 4'096) {
    return 0;
  }
  static const auto kMonitors = monitors();
  const Monitor& monitor = *kMonitors.at(data[0] % kMonitors.size());
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t cut = data[0] / kProtocols.size() % 2 == 0 ? 1 : 7;
  if (bytes.size() / cut < 200) {
    CHECK(talk(monitor, bytes, cut).is_like(talk(monitor, bytes, bytes.size() + 1)),
          "the same of the same bytes");
  } else {
    talk(monitor, bytes, bytes.size() + 1);
  }
  return 0;
}
