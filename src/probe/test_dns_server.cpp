#include "probe/test_dns_server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "base/check.h"

namespace tocsin {
namespace {

constexpr size_t kHeader = 12;
constexpr uint16_t kA = 1;
constexpr uint16_t kSoa = 6;
constexpr uint16_t kAaaa = 28;

void put16(std::string& out, uint32_t value) {
  out += static_cast<char>(value >> 8U & 0xFFU);
  out += static_cast<char>(value & 0xFFU);
}
void put32(std::string& out, uint32_t value) {
  put16(out, value >> 16U);
  put16(out, value & 0xFFFFU);
}

// A record of the name in the question (RFC 1035 4.1.4: a pointer to byte 12).
void put_record(std::string& out, uint16_t type, uint32_t ttl, const std::string& data) {
  put16(out, 0xC00C);
  put16(out, type);
  put16(out, 1);
  put32(out, ttl);
  put16(out, static_cast<uint32_t>(data.size()));
  out += data;
}

std::string soa(uint32_t minimum) {
  std::string data(2, '\0');  // MNAME and RNAME are the root
  for (const uint32_t number : {1U, 3600U, 600U, 86400U, minimum}) {
    put32(data, number);
  }
  return data;
}

struct Question {
  std::string name;
  uint16_t type = 0;
  size_t end = kHeader;  // in the message
};

Question read_question(const std::string& message) {
  Question question;
  while (message.at(question.end) != '\0') {
    const auto size = static_cast<uint8_t>(message.at(question.end));
    question.name += (question.name.empty() ? "" : ".") + message.substr(question.end + 1, size);
    question.end += size + 1;
  }
  question.type = static_cast<uint16_t>(static_cast<uint8_t>(message.at(question.end + 2)));
  question.end += 5;
  return question;
}

}  // namespace

// One that is free for UDP and for TCP. Bound by TCP and not listening, it refuses.
bool TestDnsServer::take_port() {
  tcp_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  keeps_port_ = UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_storage storage{};
  socklen_t size = SocketAddress{.ip = *IpAddress::parse("127.0.0.1")}.to_sockaddr(storage);
  CHECK(::bind(tcp_.get(), reinterpret_cast<const sockaddr*>(&storage), size) == 0,
        "bind in a test");
  size = sizeof(storage);
  ::getsockname(tcp_.get(), reinterpret_cast<sockaddr*>(&storage), &size);
  return ::bind(keeps_port_.get(), reinterpret_cast<const sockaddr*>(&storage), size) == 0;
}

TestDnsServer::TestDnsServer() {
  constexpr int kTries = 50;
  int tries = 1;
  while (!take_port()) {
    CHECK(++tries <= kTries, "a port for a test");
  }
  sockaddr_storage storage{};
  const socklen_t size =
      SocketAddress{.ip = *IpAddress::parse("127.0.0.1"), .port = 9}.to_sockaddr(storage);
  CHECK(::connect(keeps_port_.get(), reinterpret_cast<const sockaddr*>(&storage), size) == 0,
        "connect in a test");
  const int on = 1;  // only now: a port of its own was wanted
  ::setsockopt(keeps_port_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  is_gone(false);
}

void TestDnsServer::is_gone(bool gone) {
  socket_.reset();
  if (gone) {
    return;
  }
  socket_ = UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  ::getsockname(keeps_port_.get(), reinterpret_cast<sockaddr*>(&storage), &size);
  CHECK(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&storage), size) == 0,
        "bind in a test");
}

void TestDnsServer::listens_by_tcp() { CHECK(::listen(tcp_.get(), 1) == 0, "listen in a test"); }

std::string TestDnsServer::address() const {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  ::getsockname(keeps_port_.get(), reinterpret_cast<sockaddr*>(&storage), &size);
  return SocketAddress::from_sockaddr(storage, size).text();
}

void TestDnsServer::has(const std::string& name, const std::string& ip, uint32_t ttl_seconds) {
  Record& record = records_[name];
  record.exists = true;
  record.ttl = ttl_seconds;
  record.addresses.push_back(*IpAddress::parse(ip));
}
void TestDnsServer::exists_without_address(const std::string& name) {
  records_[name].exists = true;
}
void TestDnsServer::forgets(const std::string& name) { records_.erase(name); }
void TestDnsServer::refuses(const std::string& name) { records_[name].refused = true; }
void TestDnsServer::fails(const std::string& name, bool fails) { records_[name].fails = fails; }
void TestDnsServer::fails_for_ipv4(const std::string& name) {
  records_[name].fails_for_ipv4 = true;
}
void TestDnsServer::denies_for_ipv4(const std::string& name) {
  records_[name].denies_for_ipv4 = true;
}
void TestDnsServer::denies_for_ipv6(const std::string& name) {
  records_[name].denies_for_ipv6 = true;
}
void TestDnsServer::truncates(const std::string& name) { records_[name].cut = true; }
void TestDnsServer::garbles(const std::string& name) { records_[name].garbled = true; }
void TestDnsServer::is_silent_about(const std::string& name, bool silent) {
  records_[name].silent = silent;
}

void TestDnsServer::reply(const Waiting& question) const {
  const std::string reply = reply_to(question.message);
  ::sendto(socket_.get(), reply.data(), reply.size(), 0,
           reinterpret_cast<const sockaddr*>(&question.from), question.size);
}

void TestDnsServer::serve() {
  if (!slow_on_ipv6_) {
    for (const Waiting& each : std::exchange(slow_, {})) {
      reply(each);
    }
  }
  std::array<char, 2048> buffer{};
  while (true) {
    sockaddr_storage from{};
    socklen_t size = sizeof(from);
    const ssize_t count = ::recvfrom(socket_.get(), buffer.data(), buffer.size(), 0,
                                     reinterpret_cast<sockaddr*>(&from), &size);
    if (count <= static_cast<ssize_t>(kHeader)) {
      return;
    }
    const std::string message(buffer.data(), static_cast<size_t>(count));
    const Question question = read_question(message);
    questions_.push_back((question.type == kA ? "A " : "AAAA ") + question.name);
    const auto record = records_.find(question.name);
    if (silent_ || (silent_on_ipv6_ && question.type == kAaaa) ||
        (record != records_.end() && record->second.silent)) {
      continue;
    }
    const Waiting waiting{.message = message, .from = from, .size = size};
    if (slow_on_ipv6_ && question.type == kAaaa) {
      slow_.push_back(waiting);
    } else {
      reply(waiting);
    }
  }
}

std::string TestDnsServer::reply_to(const std::string& message) const {
  const Question question = read_question(message);
  const auto found = records_.find(question.name);
  const Record record = found == records_.end() ? Record{} : found->second;
  std::string answers;
  uint32_t count = 0;
  for (const IpAddress& ip : record.addresses) {
    if ((ip.family == Family::v4) == (question.type == kA)) {
      const size_t size = question.type == kAaaa ? 16 : 4;
      put_record(
          answers, question.type, record.ttl,
          std::string(ip.bytes.begin(), ip.bytes.begin() + static_cast<std::ptrdiff_t>(size)));
      ++count;
    }
  }
  // REFUSED, SERVFAIL, NOERROR, NXDOMAIN
  const bool fails = record.fails || (record.fails_for_ipv4 && question.type == kA);
  const bool exists =
      record.exists && !(question.type == kA ? record.denies_for_ipv4 : record.denies_for_ipv6);
  const uint32_t code = record.refused ? 5 : fails ? 2 : exists ? 0 : 3;
  const bool has_answer = code == 0 && count > 0;
  std::string reply = message.substr(0, 2);
  put16(reply, 0x8180U | code | (record.cut ? 0x200U : 0U));
  put16(reply, 1);
  put16(reply, has_answer ? count : 0);
  put16(reply, has_answer || code == 2 ? 0 : 1);
  put16(reply, 0);
  reply += message.substr(kHeader, question.end - kHeader);
  if (has_answer) {
    reply += record.garbled ? answers.substr(0, answers.size() - 3) : answers;
  } else if (code != 2) {
    put_record(reply, kSoa, 3600, soa(negative_ttl_));
  }
  return reply;
}

}  // namespace tocsin
