// The one secret of a monitor, the password of its proxy: sealed before its definition goes to the
// disk, opened when it comes back (store/secret_box.h).
#pragma once

#include <string>

#include "model/monitor.h"
#include "store/secret_box.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// The definition as it may be written, in JSON; `uid` is its own row.
Result<std::string> sealed_definition(sqlite::Database& database, const Monitor& monitor,
                                      MonitorUid uid, SecretBox& box);

// Opens those of all rows. conflict: some cannot be opened; the message names them and says what to
// do.
Result<void> open_definitions(std::vector<MonitorRow>& rows, const SecretBox& box);

// Those that cannot be opened any more are empty from now on: they must be entered again.
Result<void> forget_lost_passwords(sqlite::Database& database, const SecretBox& box);

}  // namespace tocsin
