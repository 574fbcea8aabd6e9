#include "api/login_limiter.h"

#include <algorithm>

#include "api/connection_count.h"

namespace tocsin {
namespace {

std::string client_name(const SocketAddress& client) {
  return client.is_unix() ? "local" : client_network(client.ip).text();
}

// No address has a space in it, so no account can pretend to be of another client.
std::string pair_name(const std::string& account, const std::string& client) {
  return client + " " + account;
}

}  // namespace

std::optional<Duration> LoginLimiter::begin(const std::string& account, const SocketAddress& client,
                                            SteadyTime now) {
  const std::string name = client_name(client);
  const std::string pair = pair_name(account, name);
  const auto of_account = accounts_.wait(pair, now);
  const auto of_client = clients_.wait(name, now);
  if (of_account || of_client) {
    return std::max(of_account.value_or(Duration()), of_client.value_or(Duration()));
  }
  accounts_.add(pair, now);
  clients_.add(name, now);
  return std::nullopt;
}

void LoginLimiter::succeeded(const std::string& account, const SocketAddress& client) {
  const std::string name = client_name(client);
  accounts_.forget(pair_name(account, name));
  clients_.take_back(name);
}

void LoginLimiter::renewed(const std::string& account) {
  accounts_.forget_if(
      [&](const std::string& pair) { return pair.substr(pair.find(' ') + 1) == account; });
}

void LoginLimiter::take_back(const std::string& account, const SocketAddress& client) {
  const std::string name = client_name(client);
  accounts_.take_back(pair_name(account, name));
  clients_.take_back(name);
}

}  // namespace tocsin
