// Transcript: what was said on a connection, in order, within bounds: it is kept with the result
// and shown to people. Bytes over a bound are left out of it; the result's `received` has more of
// them.
#pragma once

#include <string_view>
#include <vector>

#include "base/limits.h"
#include "model/result.h"

namespace tocsin {

inline constexpr size_t kTranscriptEntriesMax = 64;
inline constexpr size_t kTranscriptEntryBytesMax = 4_KiB;
inline constexpr size_t kTranscriptBytesMax = 16_KiB;

class Transcript {
 public:
  // `began` is the start of the attempt, from which entries count their time.
  explicit Transcript(SteadyTime began) : began_(began) {}

  void sent(std::string_view bytes, SteadyTime now);
  void received(std::string_view bytes, SteadyTime now);
  void note(std::string_view text, SteadyTime now);
  [[nodiscard]] std::vector<TranscriptEntry> take();

 private:
  void add(TranscriptEntry::Kind kind, std::string_view bytes, SteadyTime now);

  SteadyTime began_;
  std::vector<TranscriptEntry> entries_;
  size_t bytes_ = 0;  // in them
};

}  // namespace tocsin
