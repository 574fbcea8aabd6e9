// The head of an HTTP/1.1 request, judged strictly before any library reads it: what two parsers
// could read differently is refused, never repaired (request smuggling). RFC 9112 sections 2, 3, 5,
// 6; threat T12. Pure: bytes in, verdict out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

inline constexpr size_t kHttpFieldsMax = 100;  // header lines; a browser sends about 20

// How far the bytes received so far go.
struct HeadScan {
  enum class State : uint8_t { need_more, complete, refused };
  State state = State::need_more;
  size_t bytes = 0;    // complete: length of the head, the empty line included
  std::string reason;  // refused: a short sentence
};

// Finds the end of the head; refuses at once what can no longer become a good one (bare LF, control
// bytes, over `bytes_max`).
HeadScan scan_head(std::string_view received, size_t bytes_max);

struct HeadFacts {
  bool expects_continue = false;
  std::optional<uint64_t> content_length;
  bool is_chunked = false;
};

// Judges a complete head, the empty line included. An error is a short sentence.
struct HeadJudgement {
  HeadFacts facts;
  std::string refused;  // empty: fit
};
HeadJudgement judge_head(std::string_view head);

}  // namespace tocsin
