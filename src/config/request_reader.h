// `request`: one text, or a list of send, expect and starttls steps.
#pragma once

#include <optional>
#include <vector>

#include "config/reader.h"
#include "model/monitor.h"

namespace tocsin {

std::optional<std::vector<Step>> read_request(Reader& reader, const YamlNode& node,
                                              const Field& field);

}  // namespace tocsin
