// SessionBook: who is signed in where. Pure: rows and `now` in, rows that are worth a write out. A
// session ends 7 days after its last use, and 30 days after it began, whatever its use.
//
//   day 0 sign-in, day 6 used, day 12 used ... day 30: ended, sign in again
//   day 0 sign-in, day 7 nothing: ended
//
// An id is known by its hash alone (session_hash), so that who reads the store or a dump of memory
// cannot sign in with what is there. One thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace tocsin {

inline constexpr Duration kSessionIdle = 7 * 24h;
inline constexpr Duration kSessionLife = 30 * 24h;
// Being used is written down at most so often: a page that asks every second is no reason to write.
inline constexpr Duration kSessionUseEvery = 1h;
inline constexpr size_t kSessionsPerUserMax = 100;  // devices; beyond it the longest unused goes

// Hex SHA-256 of an id, what SessionRow.hash holds.
std::string session_hash(std::string_view id);
// The CSRF token of the session with this id: an HMAC under it, so that nothing needs to be stored
// and neither tells the other.
std::string csrf_token_of(std::string_view id);
SystemTime session_end(const SessionRow& row);

class SessionBook {
 public:
  // What the store has; replaces what is known.
  void load(const std::vector<SessionRow>& rows);

  // The session with this hash, used just now; nothing when there is none or it is over.
  std::optional<SessionRow> use(const std::string& hash, SystemTime now);
  // Rows whose use is worth a write, each once.
  std::vector<SessionRow> take_used();

  // The rows to store for a change; nothing has changed yet.
  // A session that begins: it, and the ends of those that have to go for it (expired, or one too
  // many of the user).
  [[nodiscard]] std::vector<SessionRow> beginning(const SessionRow& row, SystemTime now) const;
  [[nodiscard]] std::vector<SessionRow> ending(const std::string& hash) const;
  [[nodiscard]] std::vector<SessionRow> ending_all_of(std::string_view user,
                                                      const std::string& but_not = {}) const;
  // Does what those rows say.
  void apply(const std::vector<SessionRow>& rows);

  [[nodiscard]] size_t size() const { return sessions_.size(); }

 private:
  template <class Condition>
  std::vector<SessionRow> ending_if(Condition condition) const;

  std::map<std::string, SessionRow> sessions_;  // by hash
  std::vector<SessionRow> used_;
};

}  // namespace tocsin
