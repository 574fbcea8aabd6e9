// LoginLimiter: how many wrong passwords are taken, so that guessing is hopeless and a hash is not
// computed for whoever asks. An attempt counts from its beginning, as many may be under way at
// once, and is taken back when the password was right. Pure: `now` is an argument.
//
//   five wrong ones for "ann" from one client: the sixth waits until 15 min after the first
//   "ann" from another client: free; "bob" from the first: free, up to 50 an hour in all
#pragma once

#include <optional>
#include <string>

#include "api/failure_window.h"
#include "base/address.h"
#include "base/time.h"

namespace tocsin {

inline constexpr size_t kLoginFailuresPerAccount = 5;  // of one account from one client
inline constexpr Duration kLoginAccountWindow = 15min;
inline constexpr size_t kLoginFailuresPerClient = 50;  // of all accounts
inline constexpr Duration kLoginClientWindow = 1h;

class LoginLimiter {
 public:
  // Counts an attempt. Not nothing: it is refused, uncounted; so long until the next may begin. An
  // IPv6 client is a /64 network.
  std::optional<Duration> begin(const std::string& account, const SocketAddress& client,
                                SteadyTime now);
  void succeeded(const std::string& account, const SocketAddress& client);
  // The account has a new password: what was guessed at is gone.
  void renewed(const std::string& account);
  // The password was not looked at.
  void take_back(const std::string& account, const SocketAddress& client);

 private:
  FailureWindow accounts_{kLoginFailuresPerAccount, kLoginAccountWindow};
  FailureWindow clients_{kLoginFailuresPerClient, kLoginClientWindow};
};

}  // namespace tocsin
