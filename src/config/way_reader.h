// The way a probe takes: source, resolver and proxy of a monitor, and what of them does not go
// together with its target.
#pragma once

#include <optional>
#include <vector>

#include "config/draft.h"

namespace tocsin {

// An address of a machine, never 0.0.0.0 or ::, which mean none.
std::optional<IpAddress> read_source(Reader& reader, const YamlNode& node, const Field& field);
std::vector<SocketAddress> read_resolvers(Reader& reader, const YamlNode& node, const Field& field);
// What is wrong is told without the text, which may hold a password. `none` takes away that of the
// defaults.
void read_proxy(Reader& reader, const YamlNode& node, const Field& field,
                std::optional<Proxy>& proxy);

void check_way(Reader& reader, const Draft& draft, const Monitor& monitor);

}  // namespace tocsin
