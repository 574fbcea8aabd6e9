// A JSON path (first line) over a document (the rest). Properties: a path that checks selects from
// every document that parses; what is selected by `$` parses back to itself; `[*]` over an array
// finds as many values as `.length` says.
#include <string>

#include "base/check.h"
#include "core/assert.h"
#include "core/json_path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tocsin;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const size_t line_end = std::min(input.find('\n'), input.size());
  const std::string path = input.substr(0, line_end);
  const std::string text = input.substr(std::min(line_end + 1, input.size()));

  const bool sound = check_json_path(path).has_value();
  const Result<JsonValue> document = parse_json(text);
  CHECK(json_path_values(path, text).has_value() == (sound && document.has_value()),
        "a sound path reads every document");
  if (!document) {
    return 0;
  }
  if (document->kind != JsonKind::text) {
    const Result<JsonValue> again = parse_json(document->shown());
    CHECK(again && again->shown() == document->shown(), "what we write is JSON and means the same");
  }
  if (document->kind == JsonKind::array) {
    const auto items = json_path_select("$[*]", *document);
    const auto length = json_path_select("$.length", *document);
    CHECK(items && length && std::to_string(items->size()) == length->front().text,
          "every item is found");
  }
  return 0;
}
