#include "base/json.h"

#include <nlohmann/json.hpp>

namespace tocsin {
namespace {

template <class Json>
std::string text_of(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

nlohmann::json parse_json(std::string_view text) {
  return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
}

std::string dump_json(const nlohmann::json& json, int indent) { return text_of(json, indent); }
std::string dump_json(const nlohmann::ordered_json& json, int indent) {
  return text_of(json, indent);
}

}  // namespace tocsin
