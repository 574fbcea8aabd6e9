#include "core/transcript.h"

#include <algorithm>
#include <utility>

namespace tocsin {
namespace {

// So many reads get an entry each; later ones join the one before.
constexpr size_t kOwnEntries = 32;
constexpr size_t kEntriesForNotes = 4;  // kept free, so that the end is told after a long talk

}  // namespace

void Transcript::sent(std::string_view bytes, SteadyTime now) {
  add(TranscriptEntry::Kind::sent, bytes, now);
}

void Transcript::received(std::string_view bytes, SteadyTime now) {
  add(TranscriptEntry::Kind::received, bytes, now);
}

void Transcript::note(std::string_view text, SteadyTime now) {
  add(TranscriptEntry::Kind::note, text, now);
}

std::vector<TranscriptEntry> Transcript::take() { return std::exchange(entries_, {}); }

void Transcript::add(TranscriptEntry::Kind kind, std::string_view bytes, SteadyTime now) {
  const bool is_note = kind == TranscriptEntry::Kind::note;
  if (!is_note && entries_.size() >= kOwnEntries && entries_.back().kind == kind) {
    std::string& last = entries_.back().bytes;
    const std::string_view more = bytes.substr(
        0, std::min(kTranscriptEntryBytesMax - last.size(), kTranscriptBytesMax - bytes_));
    last += more;
    bytes_ += more.size();
    return;
  }
  if (entries_.size() >= kTranscriptEntriesMax - (is_note ? 0 : kEntriesForNotes)) {
    return;
  }
  const size_t room = is_note ? bytes.size() : kTranscriptBytesMax - bytes_;
  const std::string_view kept = bytes.substr(0, std::min(kTranscriptEntryBytesMax, room));
  if (kept.empty()) {
    return;
  }
  bytes_ += is_note ? 0 : kept.size();
  const Duration at = std::max(now - began_, Duration::zero());
  entries_.push_back({kind, at, std::string(kept)});
}

}  // namespace tocsin
