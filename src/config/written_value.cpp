#include "config/written_value.h"

#include <algorithm>
#include <array>

#include "base/json_text.h"
#include "base/letter_case.h"

namespace tocsin {
namespace {

using Kind = WrittenValue::Kind;

constexpr size_t kStep = 2;             // spaces of one level
constexpr size_t kLineCharacters = 80;  // a list that fits stands on one line
// What some reader of YAML takes for something else than text.
constexpr std::array<std::string_view, 10> kReserved = {"true", "false", "null", "yes", "no",
                                                        "on",   "off",   "y",    "n",   "~"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "1m30s": no reader takes it for a number.
bool is_duration(std::string_view text) {
  return is_digit(text.front()) && is_letter(text.back()) &&
         text.find_first_not_of("0123456789.usmhdy") == std::string_view::npos;
}

// Reads as itself everywhere in YAML without quotes, and as nothing but text. Stricter than need
// be.
bool is_plain(std::string_view text) {
  if (!text.empty() && is_duration(text)) {
    return true;
  }
  if (text.empty() || !(is_letter(text.front()) || text.front() == '_' || text.front() == '/')) {
    return false;
  }
  if (std::ranges::find(kReserved, ascii_lower(text)) != kReserved.end()) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // A colon or a space only in the middle of a word or between two words.
    const bool between = (c == ':' || c == ' ') && i + 1 < text.size() &&
                         (is_letter(text[i + 1]) || is_digit(text[i + 1])) && text[i - 1] != ':';
    if (!is_letter(c) && !is_digit(c) && !between &&
        std::string_view("_./@+-").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// Backslashes and quotes read best in single quotes, as in most documents; anything that needs an
// escape gets double ones.
std::string yaml_text(std::string_view text) {
  if (is_plain(text)) {
    return std::string(text);
  }
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
  std::string out;
  if (is_ascii && text.find_first_of("\\\"") != std::string_view::npos) {
    out += '\'';
    for (const char c : text) {
      out += c == '\'' ? "''" : std::string(1, c);
    }
    out += '\'';
    return out;
  }
  append_json_text(out, text);
  return out;
}

bool is_scalar(const WrittenValue& value) {
  return value.kind == Kind::word || value.kind == Kind::text;
}

std::string scalar_text(const WrittenValue& value) {
  return value.kind == Kind::word ? value.text : yaml_text(value.text);
}

// "[a, b]"; empty when it does not fit on a line.
std::string flow_list(const WrittenValue& list) {
  std::string out = "[";
  for (const WrittenValue& item : list.items) {
    if (!is_scalar(item)) {
      return {};
    }
    out += (out.size() > 1 ? ", " : "") + scalar_text(item);
  }
  out += ']';
  return out.size() <= kLineCharacters ? out : std::string();
}

void append_map(std::string& out, const WrittenValue& map, size_t indent, bool at_line_start);

// What stands behind "key:" or "-"; ends the line.
void append_value(std::string& out, const WrittenValue& value, size_t indent) {
  if (is_scalar(value)) {
    out += " " + scalar_text(value) + "\n";
    return;
  }
  if (value.empty()) {
    out += value.kind == Kind::list ? " []\n" : " {}\n";
    return;
  }
  if (value.kind == Kind::map) {
    out += '\n';
    append_map(out, value, indent + kStep, true);
    return;
  }
  if (const std::string flow = flow_list(value); !flow.empty()) {
    out += " " + flow + "\n";
    return;
  }
  out += '\n';
  for (const WrittenValue& item : value.items) {
    out += std::string(indent + kStep, ' ') + "-";
    if (item.kind == Kind::map && !item.empty()) {
      out += ' ';
      append_map(out, item, indent + 2 * kStep, false);
    } else {
      append_value(out, item, indent + kStep);
    }
  }
}

void append_map(std::string& out, const WrittenValue& map, size_t indent, bool at_line_start) {
  for (const WrittenEntry& entry : map.entries) {
    out += std::string(at_line_start ? indent : 0, ' ') + yaml_text(entry.key) + ":";
    append_value(out, entry.value, indent);
    at_line_start = true;
  }
}

void append_json(std::string& out, const WrittenValue& value) {
  switch (value.kind) {
    case Kind::word:
      out += value.text;
      return;
    case Kind::text:
      append_json_text(out, value.text);
      return;
    case Kind::list:
      out += '[';
      for (size_t i = 0; i < value.items.size(); ++i) {
        out += i == 0 ? "" : ",";
        append_json(out, value.items[i]);
      }
      out += ']';
      return;
    case Kind::map:
      out += '{';
      for (size_t i = 0; i < value.entries.size(); ++i) {
        out += i == 0 ? "" : ",";
        append_json_text(out, value.entries[i].key);
        out += ':';
        append_json(out, value.entries[i].value);
      }
      out += '}';
      return;
  }
}

}  // namespace

WrittenValue WrittenValue::word(std::string value) {
  WrittenValue result;
  result.kind = Kind::word;
  result.text = std::move(value);
  return result;
}

WrittenValue WrittenValue::number(int64_t value) { return word(std::to_string(value)); }
WrittenValue WrittenValue::boolean(bool value) { return word(value ? "true" : "false"); }

WrittenValue WrittenValue::of_text(std::string value) {
  WrittenValue result = word(std::move(value));
  result.kind = Kind::text;
  return result;
}

WrittenValue WrittenValue::of_texts(const std::vector<std::string>& values) {
  WrittenValue result;
  result.kind = Kind::list;
  for (const std::string& value : values) {
    result.items.push_back(of_text(value));
  }
  return result;
}

void WrittenValue::add(std::string key, WrittenValue value) {
  entries.push_back({std::move(key), std::move(value)});
}

std::string json_of(const WrittenValue& value) {
  std::string out;
  append_json(out, value);
  return out;
}

std::string yaml_of(const WrittenValue& map, size_t indent) {
  std::string out;
  append_map(out, map, indent, true);
  return out;
}

}  // namespace tocsin
