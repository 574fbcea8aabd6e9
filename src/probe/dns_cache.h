// DnsCache: answers of the resolver by name and family, for as long as they may be believed, and a
// while longer for the time when the resolver is down. Pure: `now` is an argument. Only what the
// resolver really said is kept: addresses, "no such name", "no address of this family"; its silence
// and its failures are not.
#pragma once

#include <compare>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace tocsin {

inline constexpr Duration kDnsTtlMin = 1s;  // a TTL of 0 must not mean one query per probe
// A moved service is found within the hour whatever its zone says.
inline constexpr Duration kDnsTtlMax = 1h;
// A name that is about to be created is asked for this often at most.
inline constexpr Duration kDnsNegativeTtlMin = 5s;
inline constexpr Duration kDnsNegativeTtlMax = 30s;
inline constexpr size_t kDnsCacheEntriesMax = 100'000;  // about 25 MB

inline constexpr Duration kDnsRefreshedFrom = 8s;  // TTLs of names that are asked for ahead

// What one query for one family came to.
struct DnsReply {
  enum class Kind : uint8_t {
    addresses,
    no_name,     // NXDOMAIN: there is no such name in any family
    no_address,  // the name exists, without an address of this family
    failed,      // the resolver said that it cannot say: SERVFAIL, REFUSED, or nonsense
    silent,      // nobody answered
  };
  Kind kind = Kind::silent;
  std::vector<IpAddress> addresses;
  Duration ttl{};      // as received; for no_name and no_address that of the negative answer
  std::string detail;  // of a failure, safe to show
  bool heard = false;  // of a failure: the resolver itself said so
  bool undelivered =
      false;  // it has an answer that does not come through: needs TCP, cannot be read

  [[nodiscard]] bool is_useful() const { return kind < Kind::failed; }
  [[nodiscard]] bool is_denial() const { return is_useful() && addresses.empty(); }
};

class DnsCache {
 public:
  explicit DnsCache(size_t entries_max = kDnsCacheEntriesMax) : entries_max_(entries_max) {}

  // A useful reply replaces what was known of the name; of too many entries the one stored longest
  // ago goes.
  void store(std::string_view name, Family family, const DnsReply& reply, SteadyTime now);
  // Within its TTL; else null. Valid until the next store().
  [[nodiscard]] const DnsReply* fresh(std::string_view name, Family family, SteadyTime now) const;
  // Addresses in the last quarter of their time, which is when asking again keeps it from running
  // out; not when that is short, as every probe would ask.
  [[nodiscard]] bool is_nearly_over(std::string_view name, Family family, SteadyTime now) const;
  // Addresses at most kStaleDnsMax past their TTL; else null.
  [[nodiscard]] const DnsReply* stale(std::string_view name, Family family, SteadyTime now) const;
  // The same of any reply, denials too.
  [[nodiscard]] bool remembers(std::string_view name, Family family, SteadyTime now) const;
  // A name that was answered, `name` itself aside: the newest, or the `nth` before it. When there
  // are not so many it counts round; empty when there is none.
  [[nodiscard]] std::string another(std::string_view name, size_t nth) const;
  [[nodiscard]] size_t size() const { return entries_.size(); }

 private:
  struct Key {
    std::string name;
    Family family = Family::v4;
    auto operator<=>(const Key&) const = default;
  };
  struct Entry {
    DnsReply reply;
    SteadyTime expires{};
    std::list<const Key*>::iterator age;
  };
  [[nodiscard]] const Entry* find(std::string_view name, Family family) const;

  size_t entries_max_;
  std::map<Key, Entry> entries_;
  std::list<const Key*> by_age_;  // keys of entries_, the one stored longest ago first
};

}  // namespace tocsin
