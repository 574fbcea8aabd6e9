// A segment: the plain passes of one commit, or of many put together, as one string of bytes. Who
// asks for one monitor pays for a block or two of it, not for the whole. docs/formats/store.md has
// the form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/plain_pass.h"

namespace tocsin {

// So many the writer of a full queue has, five times over: room to put segments together.
inline constexpr size_t kSegmentPassesMax = 1'000'000;

// In any order, up to kSegmentPassesMax and each well-formed. Of several with one id the first
// stays: a repeated result changes nothing.
std::string pack_segment(std::span<const PlainPass> passes);

// Both are slots of passes.
struct SlotSpan {
  SystemTime first{}, last{};
  bool operator==(const SlotSpan&) const = default;
};

// `skipped` is for tests that make bytes up.
enum class Checksums : uint8_t { checked, skipped };

// Reads in place: the bytes must outlive it. Every error is `corrupt`. Opening looks at the head
// alone, so damage behind it shows where it is read, and the other blocks can be read still.
class SegmentView {
 public:
  static Result<SegmentView> open(std::string_view bytes, Checksums checksums = Checksums::checked);

  [[nodiscard]] size_t count() const { return count_; }
  // Nothing when it is empty.
  [[nodiscard]] std::optional<SlotSpan> span() const;

  // Appends those of one monitor to `out`, by slot; none is no error. After an error `out` holds
  // what stood before the damage.
  Result<void> passes_of(MonitorUid monitor, std::vector<PlainPass>& out) const;

  // Calls `take` for those with from <= slot < to, by monitor, then slot.
  Result<void> for_each(SystemTime from, SystemTime to,
                        const std::function<void(const PlainPass&)>& take) const;

  // Calls `take` for those with from <= monitor < to, by monitor, then slot.
  Result<void> for_monitors(MonitorUid from, MonitorUid to,
                            const std::function<void(const PlainPass&)>& take) const;
  // Where to cut so that for_monitors reads some `blocks` of them: a monitor behind `from`, or
  // nothing when fewer are left.
  [[nodiscard]] std::optional<MonitorUid> cut_after(MonitorUid from, size_t blocks) const;

 private:
  struct Entry;
  struct Cursor;

  SegmentView(std::string_view bytes, size_t count, Checksums checksums);
  [[nodiscard]] size_t blocks() const;
  [[nodiscard]] Entry entry(size_t block) const;
  // The first that can hold a pass of this monitor or of a later one.
  [[nodiscard]] size_t first_block_of(MonitorUid monitor) const;
  [[nodiscard]] SystemTime first_slot() const;
  [[nodiscard]] SystemTime last_slot() const;
  [[nodiscard]] Result<void> check_head() const;
  // Reads a block as far as `only` asks; a span of none when it has no such pass.
  Result<std::span<const PlainPass>> read(size_t block, std::optional<MonitorUid> only,
                                          Cursor& cursor) const;

  std::string_view bytes_;
  size_t count_;
  Checksums checksums_;
};

}  // namespace tocsin
