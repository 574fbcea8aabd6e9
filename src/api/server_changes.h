// Which settings under `server` differ from those that the server was started with: a reload reads
// them, only a start applies them, and whoever changed one should hear so.
#pragma once

#include <string>
#include <vector>

#include "model/config.h"

namespace tocsin {

// One sentence a setting, in the order of the reference: "server.public_url was changed: it counts
// after a restart of the server." Empty: nothing differs.
std::vector<std::string> restart_warnings(const ServerSettings& running,
                                          const ServerSettings& wanted);

}  // namespace tocsin
