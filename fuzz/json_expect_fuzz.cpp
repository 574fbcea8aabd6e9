// An expect of JSON: the first line is the path, the second what it must find (empty: anything),
// all else is what a peer says. It ends the same however the bytes were cut, and the document is
// found at the same place.
#include <cstddef>
#include <cstdint>

#include "core/json_extent.h"
#include "core/json_path.h"
#include "talk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  std::string input(reinterpret_cast<const char*>(data), size);
  const std::string path = take_line(input);
  const std::string is = take_line(input);
  JsonExtent whole;
  whole.look_at(input);
  JsonExtent grown;
  for (size_t cut = 0; cut <= input.size(); ++cut) {
    grown.look_at(std::string_view(input).substr(0, cut));
  }
  CHECK(whole.state() == grown.state() && whole.begin() == grown.begin(), "the same document");
  CHECK(whole.end() == grown.end() && whole.begin() <= whole.end() && whole.end() <= input.size(),
        "that ends at the same place");
  if (!check_json_path(path)) {
    return 0;
  }
  Monitor monitor;
  monitor.request = {
      ExpectJsonStep{path, is.empty() ? std::nullopt : std::optional(is), {"^-ERR"}}};
  for (const bool closes : {false, true}) {
    const TalkEnd end = talk_in_pieces(monitor, input, SIZE_MAX, closes);
    CHECK(talk_in_pieces(monitor, input, 1, closes) == end, "byte by byte it is the same");
    CHECK(talk_in_pieces(monitor, input, 7, closes) == end, "in pieces it is the same");
  }
  return 0;
}
