// A column is dense or, where few numbers repeat, a list of them and a dense column of places in
// the list. A dense one packs the low bits of all values at one width; the rest of the few that are
// wider follows behind.
#include "store/segment_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "base/check.h"
#include "core/varint.h"

namespace tocsin {
namespace {

// The first byte: three bits and the code of a width. Do not change the values: they are on disk.
constexpr unsigned kFromZero = 0x80;  // the base is 0 and not written
constexpr unsigned kDeltas = 0x40;    // differences follow, zigzag; the base is the first value
constexpr unsigned kHasWider = 0x20;  // values wider than the width follow behind
constexpr unsigned kCodeBits = 0x1F;
constexpr unsigned kListCode = 0x1F;  // no width: a list follows, then places in it

// What codes 0 - 30 stand for; nobody misses the others.
constexpr std::array<unsigned, 31> kWidths = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                              11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                              22, 23, 24, 25, 26, 27, 28, 32, 48};
constexpr unsigned kByteBits = 8;
constexpr size_t kListMax = 16;

using Values = std::array<uint64_t, kColumnValuesMax>;

unsigned width_of(uint64_t value) { return static_cast<unsigned>(std::bit_width(value)); }

// Of a number that is so wide.
size_t varint_bytes(unsigned width) { return width == 0 ? 1 : (width + 6) / 7; }

size_t packed_bytes(size_t count, unsigned width) {
  return (count * width + kByteBits - 1) / kByteBits;
}

void append_byte(std::string& out, uint64_t byte) {
  out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
}

// The eight bytes of `value` at `to`, lowest first.
void store(char* to, uint64_t value) {
  const uint64_t bytes = std::endian::native == std::endian::big ? std::byteswap(value) : value;
  std::memcpy(to, &bytes, sizeof bytes);
}

// --- dense columns

struct Plan {
  unsigned code = 0;
  size_t wider = 0;  // values
  size_t bytes = std::numeric_limits<size_t>::max();
};

// The width at which `values` take the fewest bytes.
Plan plan_of(std::span<const uint64_t> values) {
  std::array<uint8_t, 65> wider_than{};  // of values: first those so wide, then the wider ones
  unsigned widest = 0;
  for (const uint64_t value : values) {
    const unsigned width = width_of(value);
    ++wider_than[width];
    widest = std::max(widest, width);
  }
  size_t wider = 0;
  for (unsigned width = widest + 1; width-- > 0;) {
    wider += std::exchange(wider_than[width], static_cast<uint8_t>(wider));
  }
  Plan best;
  for (unsigned code = 0; code < kWidths.size(); ++code) {
    const unsigned width = kWidths[code];
    Plan plan{.code = code,
              .wider = wider_than[width],
              .bytes = packed_bytes(values.size(), width) + (wider_than[width] > 0 ? 1 : 0)};
    // Each of the wider is its place and a varint of one byte for each seven bits above the width.
    plan.bytes += plan.wider;
    for (unsigned bits = width; bits < widest; bits += 7) {
      plan.bytes += wider_than[bits];
    }
    if (plan.bytes < best.bytes) {
      best = plan;
    }
    if (width >= widest) {
      break;
    }
  }
  return best;
}

void append_packed(std::string& out, std::span<const uint64_t> values, unsigned width) {
  if (width == 0) {
    return;
  }
  // Whole words are stored over one another, each with the bits that are still to come as 0.
  std::array<char, kColumnValuesMax * sizeof(uint64_t) + sizeof(uint64_t)> bytes;
  const uint64_t mask = (uint64_t{1} << width) - 1;
  uint64_t waiting = 0;
  unsigned bits = 0;  // of `waiting`, under 8 between two values
  size_t at = 0;
  for (const uint64_t value : values) {
    waiting |= (value & mask) << bits;
    bits += width;
    store(bytes.data() + at, waiting);
    const unsigned whole = bits / kByteBits;
    at += whole;
    waiting >>= whole * kByteBits;
    bits %= kByteBits;
  }
  out.append(bytes.data(), packed_bytes(values.size(), width));
}

void append_wider(std::string& out, std::span<const uint64_t> values, const Plan& plan) {
  const unsigned width = kWidths[plan.code];
  append_byte(out, plan.wider);
  for (size_t place = 0; place < values.size(); ++place) {
    if (const uint64_t high = values[place] >> width; high != 0) {
      append_byte(out, place);
      append_varint(out, high);
    }
  }
}

// A column before it is written.
struct Dense {
  Values room;
  std::span<uint64_t> written;
  unsigned head = 0;
  uint64_t base = 0;
  Plan plan;

  explicit Dense(std::span<const uint64_t> values) {
    const uint64_t least = *std::ranges::min_element(values);
    std::ranges::transform(values, room.begin(), [least](uint64_t v) { return v - least; });
    written = std::span(room).first(values.size());
    base = least;
    plan = plan_of(written);
  }
  Dense(const Dense&) = delete;
  Dense& operator=(const Dense&) = delete;

  [[nodiscard]] size_t bytes() const {
    return 1 + (base == 0 ? 0 : varint_bytes(width_of(base))) + plan.bytes;
  }

  // Takes differences instead where they are shorter.
  void try_deltas(std::span<const uint64_t> values) {
    Values steps;
    for (size_t i = 1; i < values.size(); ++i) {
      steps[i - 1] = zigzag(static_cast<int64_t>(values[i] - values[i - 1]));
    }
    const Plan shorter = plan_of(std::span(steps).first(values.size() - 1));
    const size_t base_bytes = values.front() == 0 ? 0 : varint_bytes(width_of(values.front()));
    if (1 + base_bytes + shorter.bytes < bytes()) {
      room = steps;
      written = std::span(room).first(values.size() - 1);
      head = kDeltas;
      base = values.front();
      plan = shorter;
    }
  }

  void append(std::string& out) const {
    append_byte(out,
                head | (base == 0 ? kFromZero : 0) | (plan.wider > 0 ? kHasWider : 0) | plan.code);
    if (base != 0) {
      append_varint(out, base);
    }
    append_packed(out, written, kWidths[plan.code]);
    if (plan.wider > 0) {
      append_wider(out, written, plan);
    }
  }
};

// The eight bytes at `at`, lowest first; those behind the end count as 0.
uint64_t load(std::string_view bytes, size_t at) {
  uint64_t value = 0;
  if (at + sizeof value <= bytes.size()) {
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return std::endian::native == std::endian::big ? std::byteswap(value) : value;
  }
  for (size_t i = at; i < bytes.size(); ++i) {
    value |= uint64_t{static_cast<unsigned char>(bytes[i])} << (kByteBits * (i - at));
  }
  return value;
}

bool take_packed(std::string_view& bytes, std::span<uint64_t> values, unsigned width) {
  const size_t size = packed_bytes(values.size(), width);
  if (size > bytes.size()) {
    return false;
  }
  if (width == 0) {
    std::ranges::fill(values, 0);
    return true;
  }
  const uint64_t mask = (uint64_t{1} << width) - 1;
  size_t bit = 0;
  for (uint64_t& value : values) {
    value = (load(bytes, bit / kByteBits) >> (bit % kByteBits)) & mask;
    bit += width;
  }
  bytes.remove_prefix(size);
  return true;
}

std::optional<unsigned> take_byte(std::string_view& bytes) {
  if (bytes.empty()) {
    return std::nullopt;
  }
  const unsigned byte = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  return byte;
}

bool take_wider(std::string_view& bytes, std::span<uint64_t> values, unsigned width) {
  const std::optional<unsigned> count = take_byte(bytes);
  for (unsigned i = 0; count && i < *count; ++i) {
    const std::optional<unsigned> place = take_byte(bytes);
    const std::optional<uint64_t> high = take_varint(bytes);
    if (!place || *place >= values.size() || !high ||
        *high > std::numeric_limits<uint64_t>::max() >> width) {
      return false;
    }
    values[*place] |= *high << width;
  }
  return count.has_value();
}

bool take_dense(std::string_view& bytes, unsigned head, std::span<uint64_t> values) {
  const std::optional<uint64_t> base = (head & kFromZero) != 0 ? 0 : take_varint(bytes);
  const bool is_deltas = (head & kDeltas) != 0;
  const std::span<uint64_t> written = values.subspan(is_deltas ? 1 : 0);
  if (!base || (head & kCodeBits) >= kWidths.size()) {
    return false;
  }
  const unsigned width = kWidths[head & kCodeBits];
  if (!take_packed(bytes, written, width) ||
      ((head & kHasWider) != 0 && !take_wider(bytes, written, width))) {
    return false;
  }
  if (!is_deltas) {
    for (uint64_t& value : values) {
      value += *base;
    }
    return true;
  }
  values.front() = *base;
  for (size_t i = 1; i < values.size(); ++i) {
    values[i] = values[i - 1] + static_cast<uint64_t>(from_zigzag(values[i]));
  }
  return true;
}

bool take_dense(std::string_view& bytes, std::span<uint64_t> values) {
  const std::optional<unsigned> head = take_byte(bytes);
  return head && take_dense(bytes, *head, values);
}

// --- lists

struct List {
  std::array<uint64_t, kListMax> room;
  size_t count = 0;
  Values places;

  // Nothing when there are too many different values.
  static std::optional<List> of(std::span<const uint64_t> values) {
    List list;
    for (size_t i = 0; i < values.size(); ++i) {
      const auto end = list.room.begin() + static_cast<ptrdiff_t>(list.count);
      const auto at = std::find(list.room.begin(), end, values[i]);
      list.places[i] = static_cast<uint64_t>(at - list.room.begin());
      if (at == end) {
        if (list.count == kListMax) {
          return std::nullopt;
        }
        list.room[list.count++] = values[i];
      }
    }
    return list;
  }
};

// True when a list was shorter than `dense` and is written.
bool append_list(std::string& out, std::span<const uint64_t> values, const Dense& dense) {
  const std::optional<List> list = List::of(values);
  if (!list) {
    return false;
  }
  const Dense members(std::span(list->room).first(list->count));
  const Dense places(std::span(list->places).first(values.size()));
  if (2 + members.bytes() + places.bytes() >= dense.bytes()) {
    return false;
  }
  append_byte(out, kListCode);
  append_byte(out, list->count);
  members.append(out);
  places.append(out);
  return true;
}

bool take_list(std::string_view& bytes, std::span<uint64_t> values) {
  std::array<uint64_t, kListMax> room;
  const std::optional<unsigned> count = take_byte(bytes);
  if (!count || *count == 0 || *count > kListMax) {
    return false;
  }
  const std::span<uint64_t> members = std::span(room).first(*count);
  if (!take_dense(bytes, members) || !take_dense(bytes, values) ||
      std::ranges::any_of(values, [&](uint64_t place) { return place >= members.size(); })) {
    return false;
  }
  for (uint64_t& value : values) {
    value = members[value];
  }
  return true;
}

}  // namespace

void append_column(std::string& out, std::span<const uint64_t> values) {
  CHECK(values.size() <= kColumnValuesMax, "a column is bounded");
  if (values.empty()) {
    return;
  }
  Dense dense(values);
  if (dense.plan.bytes > 0) {
    dense.try_deltas(values);
    if (append_list(out, values, dense)) {
      return;
    }
  }
  dense.append(out);
}

bool take_column(std::string_view& bytes, std::span<uint64_t> values) {
  if (values.empty()) {
    return true;
  }
  const std::optional<unsigned> head = take_byte(bytes);
  if (!head) {
    return false;
  }
  return *head == kListCode ? take_list(bytes, values) : take_dense(bytes, *head, values);
}

}  // namespace tocsin
