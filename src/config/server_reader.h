// The top-level keys `project` and `server`.
#pragma once

#include <string>

#include "config/reader.h"
#include "model/config.h"

namespace tocsin {

struct ProjectName {
  std::string id, name;
  bool operator==(const ProjectName&) const = default;
};

std::optional<ProjectName> read_project(Reader& reader, const YamlNode& node);
std::optional<ServerSettings> read_server(Reader& reader, const YamlNode& node);

}  // namespace tocsin
