// References in values: ${env:NAME}, ${env:NAME:-default}, ${file:/path}; $${ stands for ${. They
// are resolved by the program that reads the file. What they stand for may be a secret, so it
// appears in no message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config_reader.h"

namespace tocsin {

struct ResolvedText {
  std::string text;
  bool has_reference = false;  // then `text` must not be shown
};

// A part of a value: as it is written, or what a reference stands for.
struct TextPiece {
  std::string text;
  bool is_reference = false;
};
Result<std::vector<TextPiece>> resolve_pieces(std::string_view written,
                                              const ReferenceSource& references);

// As one text. `literal`, when given, is applied to the parts that are no reference (escapes of a
// `send` text).
Result<ResolvedText> joined(const std::vector<TextPiece>& pieces,
                            Result<std::string> (*literal)(std::string_view) = nullptr);
Result<ResolvedText> resolve_references(std::string_view written, const ReferenceSource& references,
                                        Result<std::string> (*literal)(std::string_view) = nullptr);

}  // namespace tocsin
