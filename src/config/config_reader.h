// Configuration files -> Config, or every mistake at once with file:line:col, excerpt and hint.
// Grammar: docs/config.md.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/config.h"

namespace tocsin {

struct ConfigProblem {
  std::string file;
  int line = 0, column = 0;  // from 1
  std::string message;       // "port must be 1-65535, got 70000"
  std::string hint;          // what to write instead; may be empty
  std::string excerpt;       // the line itself, safe to show, at most 200 bytes
  bool is_warning = false;
};

// "file:line:col: error: message", the excerpt with a caret under the column, "hint: ...".
std::string problem_text(const ConfigProblem& problem);

struct ConfigReading {
  std::optional<Config> config;  // nothing when a problem is not a warning
  std::vector<ConfigProblem>
      problems;  // in order of files and lines, at most 200 (a last one says how many more)
  bool names_monitors = false;  // a file has `monitors:` with a map, be it an empty one
};

// For a reload while `watched` monitors of files run. Files that do not say `monitors:` at all were
// emptied or cut off sooner than meant so: the reading becomes a mistake. `monitors: {}` is meant.
void refuse_emptied(ConfigReading& reading, size_t watched);

// How references are resolved: by the program that reads the file.
struct ReferenceSource {
  std::function<std::optional<std::string>(const std::string&)>
      environment;  // ${env:NAME}, ${env:NAME:-default}
  std::function<Result<std::string>(const std::filesystem::path&)> file;  // ${file:/path}
};
ReferenceSource process_references();  // the real ones; a file is at most kSecretFileBytesMax, one
                                       // trailing newline dropped

// One source text with the name shown in messages.
struct ConfigText {
  std::string name;
  std::string text;
};
// Where the channels and monitors that a definition names are looked for: in the texts themselves;
// or not at all, when the running server knows them (a definition over the API).
enum class NamesIn : uint8_t { texts, server };
// `outside` are ids of channels that exist without being in the texts: monitors may name them too.
ConfigReading read_config(std::span<const ConfigText> texts, const ReferenceSource& references,
                          NamesIn names = NamesIn::texts,
                          const std::set<std::string>& outside = {});

// Paths are files, or directories (every *.yaml and *.yml below, sorted). Unreadable paths and
// files over kConfigBytesMax are problems.
ConfigReading read_config_paths(std::span<const std::filesystem::path> paths,
                                const ReferenceSource& references,
                                const std::set<std::string>& outside = {});

}  // namespace tocsin
