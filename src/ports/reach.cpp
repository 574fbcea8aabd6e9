// Two tables say what an address is: one of ranges nobody may reach, one of ranges that only the
// operator and an admin may. An IPv6 form that carries an IPv4 address (RFC 4291, 3056, 4380, 6052)
// is judged by both: the packet may end at either.
#include "ports/reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.h"

namespace tocsin {
namespace {

constexpr Cidr net4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint8_t bits) {
  return {IpAddress{Family::v4, {a, b, c, d}}, bits};
}

// Sixteen-bit words as in the text form; words left out are zero.
constexpr Cidr net6(std::array<uint16_t, 8> words, uint8_t bits) {
  Cidr cidr{IpAddress{Family::v6}, bits};
  for (size_t i = 0; i < words.size(); ++i) {
    cidr.network.bytes[2 * i] = static_cast<uint8_t>(words[i] >> 8U);
    cidr.network.bytes[2 * i + 1] = static_cast<uint8_t>(words[i] & 0xFFU);
  }
  return cidr;
}

struct Range {
  Cidr cidr;
  std::string_view what;
};

constexpr std::array kNever = {
    Range{net4(0, 0, 0, 0, 8), "an address of no host"},
    Range{net4(100, 100, 100, 200, 32), "a cloud metadata address"},
    Range{net4(169, 254, 169, 254, 32), "a cloud metadata address"},
    Range{net4(169, 254, 0, 0, 16), "a link-local address"},
    Range{net4(224, 0, 0, 0, 4), "a multicast address"},
    Range{net4(255, 255, 255, 255, 32), "the broadcast address"},
    Range{net6({0}, 128), "an address of no host"},
    Range{net6({0xFD00, 0xEC2, 0, 0, 0, 0, 0, 0x254}, 128), "a cloud metadata address"},  // AWS
    Range{net6({0xFD20, 0xCE, 0, 0, 0, 0, 0, 0x254}, 128), "a cloud metadata address"},   // Google
    Range{net6({0xFD00, 0xC1, 0, 0, 0, 0, 0xA9FE, 0xA9FE}, 128),
          "a cloud metadata address"},                                                  // Oracle
    Range{net6({0xFD00, 0x42, 0, 0, 0, 0, 0, 0x42}, 128), "a cloud metadata address"},  // Scaleway
    Range{net6({0xFE80}, 10), "a link-local address"},
    Range{net6({0xFF00}, 8), "a multicast address"},
};

// "Loopback and private", with the ranges that are as good as private: they are only ever used
// inside somebody's network.
constexpr std::array kInside = {
    Range{net4(127, 0, 0, 0, 8), "a loopback address"},
    Range{net4(10, 0, 0, 0, 8), "a private address"},
    Range{net4(172, 16, 0, 0, 12), "a private address"},
    Range{net4(192, 168, 0, 0, 16), "a private address"},
    Range{net4(100, 64, 0, 0, 10), "a carrier's private address"},    // RFC 6598
    Range{net4(192, 0, 0, 0, 24), "a protocol's private address"},    // RFC 6890
    Range{net4(198, 18, 0, 0, 15), "a benchmark network's address"},  // RFC 2544
    Range{net4(240, 0, 0, 0, 4), "a reserved address"},
    Range{net6({0, 0, 0, 0, 0, 0, 0, 0x1}, 128), "a loopback address"},
    Range{net6({0xFC00}, 7), "a private address"},
    Range{net6({0xFEC0}, 10), "a private address"},                         // site-local, RFC 3879
    Range{net6({0x64, 0xFF9B, 0x1}, 48), "a private translation address"},  // RFC 8215
};

IpAddress v4_of(const IpAddress& ip, size_t a, size_t b, size_t c, size_t d, uint8_t flip = 0) {
  IpAddress v4;
  const auto flipped = [&](size_t at) { return static_cast<uint8_t>(ip.bytes[at] ^ flip); };
  v4.bytes = {flipped(a), flipped(b), flipped(c), flipped(d)};
  return v4;
}

// The IPv4 addresses that an IPv6 one stands for.
std::vector<IpAddress> carried(const IpAddress& ip) {
  if (ip.family == Family::v4) {
    return {};
  }
  const bool mapped =
      net6({0, 0, 0, 0, 0, 0xFFFF}, 96).contains(ip) || net6({0, 0, 0, 0, 0xFFFF}, 96).contains(ip);
  const bool compatible =
      net6({0}, 96).contains(ip) && !net6({0}, 127).contains(ip);  // not :: and ::1
  if (mapped || compatible || net6({0x64, 0xFF9B}, 96).contains(ip)) {
    return {v4_of(ip, 12, 13, 14, 15)};
  }
  if (net6({0x2002}, 16).contains(ip)) {  // 6to4
    return {v4_of(ip, 2, 3, 4, 5)};
  }
  if (net6({0x2001}, 32).contains(ip)) {  // Teredo: server, and client with all bits turned over
    return {v4_of(ip, 4, 5, 6, 7), v4_of(ip, 12, 13, 14, 15, 0xFF)};
  }
  if (net6({0x64, 0xFF9B, 0x1}, 48).contains(ip)) {
    // The operator of a NAT64 chooses the prefix length, and with it where the address lies (RFC
    // 6052 2.2). A reading that begins with 0 is a wrong guess of that length, not an address.
    std::vector<IpAddress> readings = {v4_of(ip, 6, 7, 9, 10), v4_of(ip, 7, 9, 10, 11),
                                       v4_of(ip, 9, 10, 11, 12), v4_of(ip, 12, 13, 14, 15)};
    std::erase_if(readings, [](const IpAddress& v4) { return v4.bytes[0] == 0; });
    return readings;
  }
  return {};
}

template <size_t size>
std::string_view name_in(const std::array<Range, size>& table, const IpAddress& ip) {
  const auto found =
      std::ranges::find_if(table, [&](const Range& range) { return range.cidr.contains(ip); });
  return found == table.end() ? std::string_view() : found->what;
}

// "10.0.0.1 is a private address", or by way of the address it carries; empty when the table has
// neither.
template <size_t size>
std::string described(const std::array<Range, size>& table, const IpAddress& ip) {
  if (const std::string_view what = name_in(table, ip); !what.empty()) {
    return fmt::format("{} is {}", ip.text(), what);
  }
  for (const IpAddress& v4 : carried(ip)) {
    if (const std::string_view what = name_in(table, v4); !what.empty()) {
      return fmt::format("{} leads to {}, {}", ip.text(), v4.text(), what);
    }
  }
  return {};
}

bool is_clear_after(const IpAddress& ip, uint8_t bits) {
  const size_t size = ip.family == Family::v4 ? 4 : 16;
  for (size_t bit = bits; bit < size * 8; ++bit) {
    if ((ip.bytes[bit / 8] & (0x80U >> (bit % 8))) != 0) {
      return false;
    }
  }
  return true;
}

IpAddress cleared_after(IpAddress ip, uint8_t bits) {
  for (size_t bit = bits; bit < ip.bytes.size() * 8; ++bit) {
    ip.bytes[bit / 8] = static_cast<uint8_t>(ip.bytes[bit / 8] & ~(0x80U >> (bit % 8)));
  }
  return ip;
}

}  // namespace

Result<Cidr> Cidr::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const std::optional<IpAddress> network = IpAddress::parse(text.substr(0, slash));
  if (!network || network->scope != 0) {
    return fail(ErrorKind::invalid_input,
                fmt::format("\"{}\" is not a network; write an address and a length, for example "
                            "10.0.0.0/8 or fd00::/8",
                            escape_for_display(text, 100)));
  }
  const unsigned bits_max = network->family == Family::v4 ? 32 : 128;
  if (slash == std::string_view::npos) {
    return fail(ErrorKind::invalid_input,
                fmt::format("\"{}\" has no length; write {}/{} for this one address",
                            escape_for_display(text, 100), network->text(), bits_max));
  }
  const std::string_view length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto parsed = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (parsed.ec != std::errc() || parsed.ptr != length.data() + length.size() || bits > bits_max) {
    return fail(ErrorKind::invalid_input,
                fmt::format("the length in \"{}\" is not a whole number from 0 to {}",
                            escape_for_display(text, 100), bits_max));
  }
  const auto short_bits = static_cast<uint8_t>(bits);
  if (!is_clear_after(*network, short_bits)) {
    return fail(ErrorKind::invalid_input,
                fmt::format("\"{}\" has bits set after the first {}; write {}/{}",
                            escape_for_display(text, 100), bits,
                            cleared_after(*network, short_bits).text(), bits));
  }
  return Cidr{*network, short_bits};
}

bool Cidr::contains(const IpAddress& ip) const {
  // The first byte tells most apart.
  if (ip.family != network.family || (bits >= 8 && ip.bytes.front() != network.bytes.front())) {
    return false;
  }
  const size_t whole = bits / 8;
  if (!std::equal(ip.bytes.begin(), ip.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.bytes.begin())) {
    return false;
  }
  const unsigned mask = 0xFF00U >> (bits % 8) & 0xFFU;
  return bits % 8 == 0 || (ip.bytes[whole] & mask) == (network.bytes[whole] & mask);
}

std::optional<std::string> ReachPolicy::refuse(const SocketAddress& to, ReachRole role) const {
  if (to.is_unix()) {
    if (role == ReachRole::operator_files) {
      return std::nullopt;
    }
    return "unix sockets are reached only by monitors in the operator's own files";
  }
  if (const std::string why = described(kNever, to.ip); !why.empty()) {
    return why + "; such addresses are never probed";
  }
  if (role != ReachRole::editor_api) {
    return std::nullopt;
  }
  if (editor_allow_.empty()) {
    if (const std::string why = described(kInside, to.ip); !why.empty()) {
      return why + "; an editor's monitors reach it only when reach.allow names it";
    }
    return std::nullopt;
  }
  // What a mapped address carries is what is connected to; it must be allowed itself, and so must
  // every other reading.
  const std::vector<IpAddress> inner = carried(to.ip);
  const auto allowed = [&](const IpAddress& ip) {
    return std::ranges::any_of(editor_allow_, [&](const Cidr& cidr) { return cidr.contains(ip); });
  };
  const bool all_inner = !inner.empty() && std::ranges::all_of(inner, allowed);
  if (inner.empty() ? allowed(to.ip) : all_inner) {
    return std::nullopt;
  }
  return fmt::format(
      "{} is not in reach.allow, which lists all that an editor's monitors may reach",
      to.ip.text());
}

}  // namespace tocsin
