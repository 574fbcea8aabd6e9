// Reader: values of one file by the rows of a field table. Each function gives the value, or
// nothing after telling what is wrong. Types and limits are those of the table, so a message never
// disagrees with the documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "config/problems.h"
#include "config/reference.h"
#include "config/yaml_tree.h"
#include "model/field_table.h"

namespace tocsin {

class Reader {
 public:
  Reader(size_t file, ProblemList& problems, const ReferenceSource& references)
      : file_(file), problems_(problems), references_(references) {}

  void error(TextMark at, std::string message, std::string hint = {});
  void warning(TextMark at, std::string message, std::string hint = {});
  // `message` may show the value; when that came from a reference, a message that does not takes
  // its place.
  void value_error(const YamlNode& node, const ResolvedText& value, std::string_view field,
                   std::string message, std::string hint = {});

  // The text of a scalar, references resolved.
  std::optional<ResolvedText> scalar(const YamlNode& node, std::string_view field);
  // The same with the escapes of its literal parts read.
  std::optional<ResolvedText> escaped(const YamlNode& node, std::string_view field);
  // The same in parts, for what reads its literal parts itself.
  std::optional<std::vector<TextPiece>> pieces(const YamlNode& node, std::string_view field);

  // From now on what references stand for is noted as a secret, until they are taken.
  void note_secrets() { notes_secrets_ = true; }
  void note_secret(std::string_view bytes);  // what a reference stands for in another spelling
  std::vector<std::string> take_secrets();

  std::optional<std::string> text(const YamlNode& node, const Field& field);
  std::optional<std::string> identifier(const YamlNode& node, const Field& field);
  std::optional<Duration> duration(const YamlNode& node, const Field& field);
  std::optional<int64_t> number(const YamlNode& node, const Field& field);
  std::optional<bool> boolean(const YamlNode& node, const Field& field);
  std::optional<std::string> choice(const YamlNode& node, const Field& field);
  std::optional<std::vector<std::string>> text_list(const YamlNode& node, const Field& field);

  // A list within the limits of `field`; tells otherwise.
  bool is_list(const YamlNode& node, const Field& field);
  bool is_map(const YamlNode& node, std::string_view what);

  // Tells of a key that is in none of the rows.
  void unknown_key(const YamlNode& entry, std::span<const Field> fields, std::string_view what);

  [[nodiscard]] size_t file() const { return file_; }
  [[nodiscard]] const std::string& file_name() const { return problems_.file_name(file_); }
  [[nodiscard]] size_t errors() const { return problems_.errors(); }

 private:
  void tell_unresolved(const YamlNode& node, const Error& why);
  std::optional<ResolvedText> resolve(const YamlNode& node, std::string_view field,
                                      Result<std::string> (*literal)(std::string_view));
  void wrong_type(const YamlNode& node, const Field& field, std::string_view wanted);
  std::optional<ResolvedText> typed_scalar(const YamlNode& node, const Field& field,
                                           std::string_view wanted);
  bool is_shown_text(const YamlNode& node, const ResolvedText& value, std::string_view field);

  size_t file_;
  ProblemList& problems_;
  const ReferenceSource& references_;
  bool notes_secrets_ = false;
  std::vector<std::string> secrets_;
};

// Calls set(entry, field) for every known key of a map, tells of the others. `what` names the map
// in messages: "monitor \"redis\"".
template <class Set>
void read_map(Reader& reader, const YamlNode& map, std::span<const Field> fields,
              std::string_view what, Set set) {
  if (!reader.is_map(map, what)) {
    return;
  }
  for (const YamlNode& entry : map.children) {
    if (const Field* field = find_field(fields, entry.key)) {
      set(entry, *field);
    } else {
      reader.unknown_key(entry, fields, what);
    }
  }
}

// Whether a value may come from a reference, so that it must not be shown.
bool has_reference(const YamlNode& node);

// True for a row without limits.
bool is_within(const Field& field, int64_t value);

// For messages: in quotes, safe to show, at most 80 bytes of it.
std::string shown_text(std::string_view text);

bool is_identifier_byte(char c);
// Letters, digits, _ - / # . and at most kMonitorIdBytesMax, not dots alone; a sentence when it is
// not.
std::optional<std::string> wrong_identifier(std::string_view id);

// "did you mean \"interval\"?", or the known words when none is near; empty when there are too many
// of them.
std::string nearest_hint(std::string_view word, std::span<const std::string_view> known);

}  // namespace tocsin
