// `assert`: a list of assertions, each as a line of text or as a map.
#pragma once

#include <optional>
#include <vector>

#include "config/reader.h"
#include "model/assertion.h"

namespace tocsin {

std::optional<std::vector<Assertion>> read_assertions(Reader& reader, const YamlNode& node,
                                                      const Field& field);

}  // namespace tocsin
