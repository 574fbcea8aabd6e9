// Draft: a monitor while it is read. Its target can only be made when all fields are known, and
// mistakes that concern two fields need the place where each was written.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/reader.h"
#include "model/monitor.h"

namespace tocsin {

// A name that must exist somewhere in the files: checked when all are read.
struct NameUse {
  enum class Kind : uint8_t { channel, monitor };
  Kind kind = Kind::channel;
  std::string name;
  size_t file = 0;
  TextMark mark;
};

struct ForEachItem {
  ResolvedText value;
  const YamlNode* node = nullptr;
};

struct Draft {
  Monitor monitor;   // all but target
  TextMark mark;     // of its id
  std::string what;  // for messages: monitor "redis", or defaults
  std::optional<ResolvedText> target;
  std::optional<std::string> host;
  std::optional<uint16_t> port;
  std::vector<ForEachItem> items;

  struct Written {
    const YamlNode* node = nullptr;
    bool good = true;  // false: a mistake in it has been told
  };
  std::map<std::string_view, Written> written;  // by field; the defaults' fields are not here

  [[nodiscard]] bool has(std::string_view field) const { return written.contains(field); }
  // Not written, or written without a mistake: its value means something.
  [[nodiscard]] bool is_good(std::string_view field) const {
    const auto found = written.find(field);
    return found == written.end() || found->second.good;
  }
  // Where a message about `field` belongs.
  [[nodiscard]] TextMark place(std::string_view field) const {
    const auto found = written.find(field);
    return found == written.end() ? mark : found->second.node->mark;
  }
};

// What the readers of one file share.
struct ReadContext {
  Reader& reader;
  std::vector<NameUse>& uses;
};

}  // namespace tocsin
