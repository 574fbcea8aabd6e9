// TlsSessionBook keeps TLS sessions for the next check of the same server: resuming one costs both
// sides a fraction of a full handshake (RFC 8446 2.2, RFC 5077). A full handshake is done every so
// often all the same, as only that one shows the server's certificate. Safe to use from several
// threads.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "model/result.h"

struct ssl_session_st;

namespace tocsin {

class TlsSessionBook {
 public:
  static constexpr size_t kSessionsMax = 16'384;  // some 4 KB each

  struct Offer {
    std::shared_ptr<ssl_session_st> session;
    std::shared_ptr<const TlsFacts> facts;  // of the full handshake it goes back to
  };

  // What to offer to the server that `key` stands for; nothing when none is kept, when this one is
  // the `full_every`-th handshake since the last full one (1: each is), or when a certificate of
  // its chain is not valid at `now`.
  [[nodiscard]] Offer offer(const std::string& key, uint32_t full_every, SystemTime now);
  // After a full handshake: `facts` are what it showed. Sessions come later, and perhaps none.
  void begin(const std::string& key, std::shared_ptr<const TlsFacts> facts);
  // A session that the server gave for `key`; the newest counts.
  void keep(const std::string& key, std::shared_ptr<ssl_session_st> session);
  // Something went wrong with it: the next handshake is a full one.
  void drop(const std::string& key);
  [[nodiscard]] size_t size() const;

 private:
  struct Kept {
    std::shared_ptr<ssl_session_st> session;  // nothing yet
    std::shared_ptr<const TlsFacts> facts;
    uint32_t offered = 0;  // since the full handshake
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Kept> kept_;
};

}  // namespace tocsin
