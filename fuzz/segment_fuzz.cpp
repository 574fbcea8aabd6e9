// Bytes as they might stand in a damaged store. Properties: a segment is refused, or what can be
// read of it is well-formed, in order and no more than it counts, by whichever way it is read; and
// when all of it can be read, packing that reads as the same. No checksum is in the way where it
// says so.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "store/segment.h"

namespace {

using namespace tocsin;

Result<std::vector<PlainPass>> all_of(const SegmentView& view) {
  std::vector<PlainPass> passes;
  const Result<void> read =
      view.for_each(SystemTime::min(), SystemTime::max(), [&passes](const PlainPass& pass) {
        CHECK(is_well_formed(pass), "what is read is well-formed");
        passes.push_back(pass);
      });
  CHECK(passes.size() <= view.count(), "there are no more than it counts");
  return read ? Result<std::vector<PlainPass>>(passes) : std::unexpected(read.error());
}

// Of one monitor, as `all` has them.
void check_monitor(const SegmentView& view, MonitorUid monitor, const std::vector<PlainPass>& all) {
  std::vector<PlainPass> own;
  CHECK(view.passes_of(monitor, own).has_value(), "what can be read can be read of one monitor");
  std::vector<PlainPass> wanted;
  for (const PlainPass& pass : all) {
    if (pass.monitor == monitor) {
      wanted.push_back(pass);
    }
  }
  CHECK(own == wanted, "both ways say the same");
}

void check(std::string_view bytes, Checksums checksums) {
  const Result<SegmentView> view = SegmentView::open(bytes, checksums);
  if (!view) {
    CHECK(view.error().kind == ErrorKind::corrupt, "a segment is whole or corrupt");
    return;
  }
  const Result<std::vector<PlainPass>> passes = all_of(*view);
  if (!passes) {
    CHECK(passes.error().kind == ErrorKind::corrupt, "a block is whole or corrupt");
    std::vector<PlainPass> own;
    const Result<void> read = view->passes_of({7}, own);
    CHECK(read || read.error().kind == ErrorKind::corrupt, "so is that of a monitor");
    return;
  }
  CHECK(passes->size() == view->count(), "there are as many as it counts");
  const std::string packed = pack_segment(*passes);
  const Result<SegmentView> again = SegmentView::open(packed);
  CHECK(again && all_of(*again) == *passes, "what was read is packed and read as the same");
  for (size_t at = 0; at < passes->size(); at += 1 + passes->size() / 4) {
    check_monitor(*view, (*passes)[at].monitor, *passes);
    check_monitor(*again, (*passes)[at].monitor, *passes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes, tocsin::Checksums::checked);
  check(bytes, tocsin::Checksums::skipped);
  return 0;
}
