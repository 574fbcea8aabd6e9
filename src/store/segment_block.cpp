// Each column is one line of `code_columns`: which passes have it, the number that is written of a
// pass, and what the number says of the pass. Packing and reading walk the same lines, so that they
// cannot differ. A number may rest on columns above it and on the pass before.
#include "store/segment_block.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "store/segment_column.h"

namespace tocsin {
namespace {

// A pass inside its block.
struct Place {
  PlainPass& pass;
  const PlainPass* before;  // the one before it, when that is of the same monitor
  bool& has_new_remote;     // it reached another address than the one before
};

using Column = std::array<uint64_t, kBlockPasses>;

// The passes of a block whose monitors are known.
class Block {
 public:
  explicit Block(std::span<PlainPass> passes) : passes_(passes) {
    for (size_t i = 1; i < passes.size(); ++i) {
      goes_on_[i] = passes[i - 1].monitor == passes[i].monitor;
    }
  }

  [[nodiscard]] size_t size() const { return passes_.size(); }
  Place operator[](size_t i) {
    return {.pass = passes_[i],
            .before = goes_on_[i] ? &passes_[i - 1] : nullptr,
            .has_new_remote = new_remote_[i]};
  }

  // The numbers of those that `has` is true of.
  template <class Has>
  std::span<const uint8_t> where(Has has) {
    size_t count = 0;
    for (size_t i = 0; i < passes_.size(); ++i) {
      chosen_[count] = static_cast<uint8_t>(i);
      count += has((*this)[i]) ? 1U : 0U;
    }
    return std::span(chosen_).first(count);
  }

 private:
  std::span<PlainPass> passes_;
  std::array<bool, kBlockPasses> goes_on_{};
  std::array<bool, kBlockPasses> new_remote_{};
  std::array<uint8_t, kBlockPasses> chosen_;
};

// In place of a condition: every pass has the column.
struct Everyone {};

// Calls `take(place)` for each pass that `has` is true of.
template <class Has, class Take>
void for_each_place(Block& block, Has has, Take take) {
  if constexpr (std::is_same_v<Has, Everyone>) {
    for (size_t i = 0; i < block.size(); ++i) {
      take(block[i]);
    }
  } else {
    for (const uint8_t i : block.where(has)) {
      take(block[i]);
    }
  }
}

class Packer {
 public:
  Packer(std::string& out, std::span<PlainPass> passes) : out_(out), block_(passes) {}

  template <class Has, class Get, class Set>
  bool column(Has has, Get get, Set /*set*/) {
    Column values;
    size_t count = 0;
    for_each_place(block_, has, [&](const Place& at) { values[count++] = get(at); });
    append_column(out_, std::span(values).first(count));
    return true;
  }
  template <class Take>
  bool settle(Take /*take*/) {
    return true;
  }

 private:
  std::string& out_;
  Block block_;
};

class Unpacker {
 public:
  Unpacker(std::string_view& bytes, std::span<PlainPass> passes) : bytes_(bytes), block_(passes) {}

  template <class Has, class Get, class Set>
  bool column(Has has, Get /*get*/, Set set) {
    size_t count = block_.size();
    if constexpr (!std::is_same_v<Has, Everyone>) {
      count = block_.where(has).size();
    }
    Column values;
    if (!take_column(bytes_, std::span(values).first(count))) {
      return false;
    }
    size_t next = 0;
    bool fits = true;
    for_each_place(block_, has, [&](const Place& at) { fits = set(at, values[next++]) && fits; });
    return fits;
  }
  // What the columns up to here say without a column of its own.
  template <class Take>
  bool settle(Take take) {
    for_each_place(block_, Everyone(), take);
    return true;
  }

 private:
  std::string_view& bytes_;
  Block block_;
};

// False when the number has no room.
template <class To>
bool put(To& to, uint64_t value) {
  to = static_cast<To>(value);
  if constexpr (std::is_enum_v<To>) {
    return std::in_range<std::underlying_type_t<To>>(value);
  } else {
    return std::in_range<To>(value);
  }
}
template <class To>
bool put_signed(To& to, int64_t value) {
  to = static_cast<To>(value);
  return std::in_range<To>(value);
}

// --- times

uint64_t microseconds_since(SystemTime start, SystemTime slot) {
  return static_cast<uint64_t>((slot - start).count());
}

bool put_slot(SystemTime& slot, SystemTime start, uint64_t microseconds) {
  const int64_t room = kPlainSlotMax - start.time_since_epoch().count();
  if (!std::cmp_less_equal(microseconds, room)) {
    return false;
  }
  slot = start + Duration(static_cast<int64_t>(microseconds));
  return true;
}

// The response time is hardly ever much more than its phases.
int64_t sum_of_phases(const PlainPass& pass) {
  return int64_t{pass.dns} + pass.connect + pass.tls + pass.data;
}

// --- the remote address

constexpr uint64_t kSameRemote = 3;  // in place of a RemoteKind: that of the pass before

uint64_t remote_code(const Place& place) {
  const PlainPass& pass = place.pass;
  place.has_new_remote = place.before == nullptr ||
                         std::tie(pass.remote, pass.port, pass.ip) !=
                             std::tie(place.before->remote, place.before->port, place.before->ip);
  return place.has_new_remote ? static_cast<uint64_t>(pass.remote) : kSameRemote;
}

bool put_remote_code(const Place& place, uint64_t code) {
  place.has_new_remote = code != kSameRemote;
  if (place.has_new_remote) {
    place.pass.remote = static_cast<RemoteKind>(code);
    return code <= static_cast<uint64_t>(RemoteKind::v6);
  }
  if (place.before == nullptr) {
    return false;
  }
  place.pass.remote = place.before->remote;
  return true;
}

// Once the columns of the addresses are read.
void repeat_remote(const Place& place) {
  if (!place.has_new_remote) {
    place.pass.port = place.before->port;
    place.pass.ip = place.before->ip;
  }
}

// Four bytes of the address, the first one high.
uint64_t ip_word(const PlainPass& pass, size_t word) {
  uint64_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    value = (value << 8U) | pass.ip[(4 * word) + i];
  }
  return value;
}

bool put_ip_word(PlainPass& pass, size_t word, uint64_t value) {
  for (size_t i = 0; i < 4; ++i) {
    pass.ip[(4 * word) + i] = static_cast<uint8_t>(value >> (24 - (8 * i)));
  }
  return std::in_range<uint32_t>(value);
}

// --- the columns

template <class Coder>
bool code_slots(Coder& coder, SystemTime start) {
  return coder.column(
             [](const Place& at) { return at.before == nullptr; },
             [start](const Place& at) { return microseconds_since(start, at.pass.slot); },
             [start](const Place& at, uint64_t v) { return put_slot(at.pass.slot, start, v); }) &&
         coder.column(
             [](const Place& at) { return at.before != nullptr; },
             [](const Place& at) { return microseconds_since(at.before->slot, at.pass.slot); },
             [](const Place& at, uint64_t v) {
               return put_slot(at.pass.slot, at.before->slot, v);
             });
}

// A column that every pass has, as it is.
template <auto Field, class Coder>
bool code_number(Coder& coder) {
  return coder.column(
      Everyone(), [](const Place& at) { return static_cast<uint64_t>(at.pass.*Field); },
      [](const Place& at, uint64_t v) { return put(at.pass.*Field, v); });
}

// One that the passes with a bit of `has` have.
template <auto Field, class Coder>
bool code_phase(Coder& coder, PlainPass::Has bit) {
  return coder.column([bit](const Place& at) { return (at.pass.has & bit) != 0; },
                      [](const Place& at) { return uint64_t{at.pass.*Field}; },
                      [](const Place& at, uint64_t v) { return put(at.pass.*Field, v); });
}

template <class Coder>
bool code_remotes(Coder& coder) {
  const auto has_port = [](const Place& at) {
    return at.has_new_remote && at.pass.remote != RemoteKind::none;
  };
  const auto is_v6 = [](const Place& at) {
    return at.has_new_remote && at.pass.remote == RemoteKind::v6;
  };
  const auto word = [&coder](size_t number, const auto& has) {
    return coder.column(
        has, [number](const Place& at) { return ip_word(at.pass, number); },
        [number](const Place& at, uint64_t v) { return put_ip_word(at.pass, number, v); });
  };
  return coder.column([](const Place& at) { return at.before == nullptr; }, remote_code,
                      put_remote_code) &&
         coder.column([](const Place& at) { return at.before != nullptr; }, remote_code,
                      put_remote_code) &&
         coder.column(
             has_port, [](const Place& at) { return uint64_t{at.pass.port}; },
             [](const Place& at, uint64_t v) { return put(at.pass.port, v); }) &&
         word(0, has_port) && word(1, is_v6) && word(2, is_v6) && word(3, is_v6) &&
         coder.settle(repeat_remote);
}

template <class Coder>
bool code_times(Coder& coder) {
  return code_phase<&PlainPass::dns>(coder, PlainPass::has_dns) &&
         code_phase<&PlainPass::connect>(coder, PlainPass::has_connect) &&
         code_phase<&PlainPass::tls>(coder, PlainPass::has_tls) &&
         code_phase<&PlainPass::data>(coder, PlainPass::has_data) &&
         coder.column(
             Everyone(),
             [](const Place& at) { return zigzag(at.pass.response - sum_of_phases(at.pass)); },
             [](const Place& at, uint64_t v) {
               return v <= std::numeric_limits<uint32_t>::max() * uint64_t{8} &&
                      put_signed(at.pass.response, sum_of_phases(at.pass) + from_zigzag(v));
             }) &&
         coder.column(
             [](const Place& at) { return (at.pass.has & PlainPass::has_rtt) != 0; },
             [](const Place& at) { return zigzag(int64_t{at.pass.connect} - at.pass.kernel_rtt); },
             [](const Place& at, uint64_t v) {
               return v <= std::numeric_limits<uint32_t>::max() * uint64_t{2} &&
                      put_signed(at.pass.kernel_rtt, at.pass.connect - from_zigzag(v));
             }) &&
         code_number<&PlainPass::delay>(coder) &&
         coder.column(
             Everyone(), [](const Place& at) { return zigzag(at.pass.drift); },
             [](const Place& at, uint64_t v) {
               return put_signed(at.pass.drift, from_zigzag(v));
             }) &&
         code_number<&PlainPass::loop_lag>(coder);
}

// All but the monitors.
template <class Coder>
bool code_columns(Coder& coder, SystemTime start) {
  return code_slots(coder, start) && code_number<&PlainPass::location>(coder) &&
         code_number<&PlainPass::clock_epoch>(coder) && code_number<&PlainPass::has>(coder) &&
         code_number<&PlainPass::flags>(coder) && code_number<&PlainPass::form>(coder) &&
         code_remotes(coder) && code_times(coder) &&
         code_number<&PlainPass::syn_retransmits>(coder) &&
         code_number<&PlainPass::bytes_sent>(coder) &&
         code_number<&PlainPass::bytes_received>(coder);
}

bool take_monitors(std::string_view& bytes, MonitorUid first, std::span<PlainPass> passes) {
  Column values;
  const std::span<uint64_t> above = std::span(values).first(passes.size());
  const auto room = static_cast<uint64_t>(std::numeric_limits<int64_t>::max() - first.value);
  if (!take_column(bytes, above) || above.front() != 0 || !std::ranges::is_sorted(above) ||
      above.back() > room) {
    return false;
  }
  for (size_t i = 0; i < passes.size(); ++i) {
    passes[i] = PlainPass{.monitor = {first.value + static_cast<int64_t>(above[i])}};
  }
  return true;
}

}  // namespace

void append_block(std::string& out, const BlockStart& start, std::span<PlainPass> passes) {
  Column above;
  std::ranges::transform(passes, above.begin(), [&start](const PlainPass& pass) {
    return static_cast<uint64_t>(pass.monitor.value - start.monitor.value);
  });
  append_column(out, std::span(above).first(passes.size()));
  Packer packer(out, passes);
  CHECK(code_columns(packer, start.slot), "every well-formed pass can be packed");
}

BlockReading read_block(std::string_view bytes, const BlockStart& start,
                        std::optional<MonitorUid> only, std::span<PlainPass> passes) {
  if (!take_monitors(bytes, start.monitor, passes)) {
    return {};
  }
  if (only && !std::ranges::binary_search(passes, *only, {}, &PlainPass::monitor)) {
    return {.is_whole = true, .found = false};
  }
  Unpacker unpacker(bytes, passes);
  const bool is_whole = code_columns(unpacker, start.slot) && bytes.empty() &&
                        std::ranges::all_of(passes, is_well_formed) &&
                        std::ranges::adjacent_find(passes, [](const auto& a, const auto& b) {
                          return !is_before(a, b);
                        }) == passes.end();
  return {.is_whole = is_whole, .found = is_whole};
}

}  // namespace tocsin
