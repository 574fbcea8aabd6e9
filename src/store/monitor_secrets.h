// The one secret of a monitor, the password of its proxy: sealed before its definition goes to the
// disk, opened when it comes back (store/secret_box.h).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/monitor.h"
#include "store/secret_box.h"
#include "store/sqlite.h"

namespace tocsin {

// The definition as it may be written, in JSON; `uid` is its own row.
Result<std::string> sealed_definition(sqlite::Database& database, const Monitor& monitor,
                                      MonitorUid uid, SecretBox& box);

// Passwords that the key does not open: all are told of in one message.
class ClosedPasswords {
 public:
  // Opens that of `monitor`, if it has one and it can be opened.
  void open(Monitor& monitor, const SecretBox& box);
  void add(ClosedPasswords&& others);
  // conflict: some are closed; the message names their monitors and says what to do.
  [[nodiscard]] Result<void> result() const;

 private:
  std::vector<std::string> monitors_;  // ids, some
  std::string why_;                    // of the last one
  size_t count_ = 0;
};

// Those that cannot be opened any more are empty from now on: they must be entered again.
Result<void> forget_lost_passwords(sqlite::Database& database, const SecretBox& box);

}  // namespace tocsin
