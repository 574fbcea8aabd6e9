// Evidence: what was found out in the second after a failure, so that a person reads why a port is
// silent and not only that it is. Facts only; core/evidence_text.h puts them into words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/error_code.h"
#include "base/time.h"
#include "model/icmp_notice.h"
#include "model/verdict.h"

namespace tocsin {

// All of a bundle, from its first packet to its end; only the second try is awaited for longer,
// should we stand still in it.
inline constexpr Duration kEvidenceTime = 900ms;  // under the second after which a SYN is repeated
inline constexpr Duration kSecondTryTime = kEvidenceTime - 50ms;  // it ends before the bundle does
inline constexpr size_t kEvidenceAddressesMax = 8;
// Sockets of one walk; the internet is rarely wider.
inline constexpr uint8_t kWalkHopsMax = 30;

// Whether it was gathered, and else why not. Do not change the names: they are on disk.
enum class EvidenceState : uint8_t {
  gathered = 1,
  too_many = 2,  // other failures were being looked into
  too_soon = 3,  // the same monitor was looked into a moment before
};
std::string_view evidence_state_name(EvidenceState state);
std::optional<EvidenceState> evidence_state_from_name(std::string_view name);

// What came back when we tried to connect.
enum class KnockAnswer : uint8_t {
  open = 1,
  refused = 2,    // a reset: somebody is there and wants no connection
  icmp = 3,       // a router, or the host, said why not
  silence = 4,    // nothing within the time
  not_tried = 5,  // forbidden to us, or our own side could not; `why` says it
};
std::string_view knock_answer_name(KnockAnswer answer);
std::optional<KnockAnswer> knock_answer_from_name(std::string_view name);

// One connect without a word.
struct Knock {
  SocketAddress to;
  KnockAnswer answer = KnockAnswer::silence;
  Duration took{};
  std::optional<IcmpNotice> icmp;
  std::string why;
  bool operator==(const Knock&) const = default;
};

// The same check again, at once, with less time.
struct SecondTry {
  Verdict verdict = Verdict::unknown;
  std::optional<ErrorCode> error;
  std::string sentence;
  Duration took{};
  // What the monitor allows, when this try ran into its own shorter limit, so that its failure
  // proves nothing; 0: it did not.
  Duration allowed{};
  bool operator==(const SecondTry&) const = default;
};

// Who answered a packet that may travel so many hops.
struct Hop {
  uint8_t number = 0;  // 1: our own router
  IcmpNotice notice;
  Duration took{};
  bool operator==(const Hop&) const = default;
};

// Connects to the failing port, each with another hop limit, all at once.
struct Walk {
  SocketAddress to;
  uint8_t tried = 0;      // the greatest hop limit
  std::vector<Hop> hops;  // those that answered, nearest first
  // The port itself answered from so many hops away, and how.
  std::optional<uint8_t> reached;
  KnockAnswer answer = KnockAnswer::silence;
  bool operator==(const Walk&) const = default;
};

// The name, looked up again.
struct NameNow {
  std::vector<IpAddress> addresses;
  std::optional<ErrorCode> error;
  bool cached = false;  // the resolver was not asked again: its last answer still holds
  bool stale = false;
  std::optional<IpAddress> last_good;  // where the last good check went; nothing: not known
  bool operator==(const NameNow&) const = default;
};

// A part that does not fit the failure is absent.
struct Evidence {
  EvidenceState state = EvidenceState::gathered;
  SystemTime started{};
  Duration took{};
  std::optional<SecondTry> second_try;
  std::optional<Knock> closed_port;  // of the same host: is anybody there?
  std::vector<Knock> others;         // the same port at other addresses of the name
  std::optional<Walk> walk;
  std::optional<NameNow> name;
  bool operator==(const Evidence&) const = default;
};

}  // namespace tocsin
