// A DNS server for tests: UDP on 127.0.0.1, a port of its own, answers as told. It works only
// inside serve(), in the test's own thread.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/unique_fd.h"

namespace tocsin {

class TestDnsServer {
 public:
  TestDnsServer();

  [[nodiscard]] std::string address() const;  // "127.0.0.1:40312"
  // Names are in lower case. One that was never mentioned does not exist.
  void has(const std::string& name, const std::string& ip, uint32_t ttl_seconds);
  void exists_without_address(const std::string& name);
  void forgets(const std::string& name);
  void fails(const std::string& name, bool fails = true);  // SERVFAIL
  void fails_for_ipv4(const std::string& name);            // SERVFAIL for A alone
  // NXDOMAIN for A, though there may be an AAAA.
  void denies_for_ipv4(const std::string& name);
  // NXDOMAIN for AAAA, as servers say that know of A alone (RFC 4074 section 4.2).
  void denies_for_ipv6(const std::string& name);
  void truncates(const std::string& name);  // TC by UDP, and nobody listens by TCP
  void garbles(const std::string& name);    // an answer that cannot be read
  void refuses(const std::string& name);    // REFUSED
  void is_silent_about(const std::string& name, bool silent = true);
  void is_silent(bool silent) { silent_ = silent; }  // about everything
  void has_no_word_on_ipv6(bool silent) { silent_on_ipv6_ = silent; }
  // Answers AAAA only when it is told to no longer be slow.
  void is_slow_on_ipv6(bool slow) { slow_on_ipv6_ = slow; }
  void listens_by_tcp();  // its TCP port, which refuses else, is open and says nothing
  // Nobody listens at the port, as while the server is restarted: the kernel refuses what comes.
  void is_gone(bool gone);
  void negative_ttl(uint32_t seconds) { negative_ttl_ = seconds; }  // MINIMUM of the SOA

  // Reads what has come and answers it.
  void serve();
  // "A db.example", in the order they came.
  [[nodiscard]] const std::vector<std::string>& questions() const { return questions_; }

 private:
  struct Record {
    std::vector<IpAddress> addresses;
    uint32_t ttl = 0;
    bool exists = false;
    bool fails = false;
    bool fails_for_ipv4 = false;
    bool denies_for_ipv4 = false;
    bool denies_for_ipv6 = false;
    bool refused = false;
    bool cut = false;
    bool garbled = false;
    bool silent = false;
  };
  [[nodiscard]] std::string reply_to(const std::string& question) const;

  struct Waiting {
    std::string message;
    sockaddr_storage from{};
    socklen_t size = 0;
  };

  bool take_port();
  void reply(const Waiting& question) const;

  UniqueFd keeps_port_;  // is connected elsewhere, so it receives nothing
  UniqueFd socket_;
  UniqueFd tcp_;
  std::map<std::string, Record> records_;
  bool silent_ = false;
  bool silent_on_ipv6_ = false;
  bool slow_on_ipv6_ = false;
  uint32_t negative_ttl_ = 10;
  std::vector<std::string> questions_;
  std::vector<Waiting> slow_;
};

}  // namespace tocsin
