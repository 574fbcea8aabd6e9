// References in values: ${env:NAME}, ${env:NAME:-default}, ${file:/path}; $${ stands for ${. They
// are resolved by the program that reads the file. What they stand for may be a secret, so it
// appears in no message.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config_reader.h"

namespace tocsin {

struct ResolvedText {
  std::string text;
  bool has_reference = false;  // then `text` must not be shown
};

// `literal`, when given, is applied to the parts that are no reference (escapes of a `send` text).
Result<ResolvedText> resolve_references(std::string_view written, const ReferenceSource& references,
                                        Result<std::string> (*literal)(std::string_view) = nullptr);

}  // namespace tocsin
