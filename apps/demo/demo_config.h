// The configuration that watches the demonstration services. Pure.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "service.h"

namespace tocsin::demo {

// YAML; `ca_file` holds the certificate of the TLS service.
std::string demo_config(std::span<const Service> services, const std::filesystem::path& ca_file);

}  // namespace tocsin::demo
