// FieldSchema: the rows of the field tables as JSON Schema. One function for each kind of row; the
// rows say all else, so no schema has a field of its own. Editors get draft 07 with everything in
// place (config/schema.h); the API's document gets 2020-12 with named parts
// (config/definition_schema.h).
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "model/field_table.h"

namespace tocsin {

struct SchemaForm {
  // ${env:X} and ${file:/p} may stand for any value. Without them lengths of texts can be said.
  bool has_references = true;
  // Where the small maps (retry, alert, ...) stand by name; empty: in place.
  std::string_view parts;
  // RFC 7396: nothing is required, null takes a field out.
  bool is_patch = false;
  // As it is shown: what is sent may be hidden.
  bool is_shown = false;
};

class FieldSchema {
 public:
  using Json = nlohmann::ordered_json;

  explicit FieldSchema(const SchemaForm& form) : form_(form) {}

  // A map of exactly these keys.
  [[nodiscard]] Json object_of(std::span<const Field> fields) const;
  [[nodiscard]] Json value_of(const Field& field) const;
  // Exactly one of the keys of `fields`.
  [[nodiscard]] Json one_key_of(std::span<const Field> fields) const;
  [[nodiscard]] Json step() const;   // of a request
  [[nodiscard]] Json bytes() const;  // to send, when it is no text

 private:
  [[nodiscard]] Json plain(const Field& field) const;
  [[nodiscard]] Json part(std::string_view name, Json in_place) const;
  [[nodiscard]] Json patched_part(std::string_view name, std::span<const Field> fields) const;
  [[nodiscard]] Json or_reference(Json schema) const;
  [[nodiscard]] Json text(const Field& field) const;
  [[nodiscard]] Json pattern(std::string_view pattern) const;
  [[nodiscard]] Json number(const Field& field) const;
  [[nodiscard]] Json choice(const Field& field) const;
  [[nodiscard]] Json request(const Field& field) const;
  [[nodiscard]] Json map(const Field& field) const;
  [[nodiscard]] FieldSchema of_items() const;

  SchemaForm form_;
};

}  // namespace tocsin
