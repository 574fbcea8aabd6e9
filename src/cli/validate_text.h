// What `tocsin validate` says of a reading, in each of its formats. Pure.
#pragma once

#include <string>

#include "config/config_reader.h"

namespace tocsin::cli {

// Every problem with its excerpt, then one line that sums up.
std::string validate_text(const ConfigReading& reading);
// One object; `valid`, the problems, and what a valid configuration holds.
std::string validate_json(const ConfigReading& reading);
// Workflow commands of GitHub Actions: "::error file=...,line=...,col=...::message", errors first.
std::string validate_github(const ConfigReading& reading);

}  // namespace tocsin::cli
