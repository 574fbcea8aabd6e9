#include "cli/user_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "api/password_hash.h"
#include "cli/offline_store.h"

namespace tocsin::cli {
namespace {

Result<std::optional<UserRow>> find_user(StoreReader& reader, const std::string& name) {
  const auto users = reader.users();
  if (!users) {
    return std::unexpected(users.error());
  }
  const auto found = std::ranges::find(*users, name, &UserRow::name);
  return found == users->end() ? std::nullopt : std::optional(*found);
}

// Rows that remove the sessions of `name`.
Result<std::vector<SessionRow>> ended_sessions(StoreReader& reader, const std::string& name) {
  auto rows = reader.sessions();
  if (!rows) {
    return std::unexpected(rows.error());
  }
  std::erase_if(*rows, [&name](const SessionRow& row) { return row.user != name; });
  for (SessionRow& row : *rows) {
    row.ended = true;
  }
  return rows;
}

Result<void> put_user(OfflineStore& store, UserRow row, std::vector<SessionRow> sessions,
                      const std::string& password) {
  const auto hash = PasswordHasher().hash(password);
  if (!hash) {
    return std::unexpected(hash.error());
  }
  row.password_hash = *hash;
  row.password_changed = store.now();
  WriteBatch batch;
  batch.users = {std::move(row)};
  batch.sessions = std::move(sessions);
  return store.write(std::move(batch));
}

}  // namespace

Result<void> create_user_in_store(const std::filesystem::path& data, const std::string& name,
                                  const std::string& password) {
  const auto store = OfflineStore::open(data);
  const auto reader = store ? (*store)->reader() : std::unexpected(store.error());
  if (!reader) {
    return std::unexpected(reader.error());
  }
  const auto known = find_user(**reader, name);
  if (!known) {
    return std::unexpected(known.error());
  }
  if (*known) {
    return fail(ErrorKind::conflict,
                "There is a user of this name already. tocsin user password sets their password "
                "anew.");
  }
  return put_user(**store, {.name = name, .password_hash = {}, .created = (*store)->now()}, {},
                  password);
}

Result<void> set_password_in_store(const std::filesystem::path& data, const std::string& name,
                                   const std::string& password) {
  const auto store = OfflineStore::open(data);
  const auto reader = store ? (*store)->reader() : std::unexpected(store.error());
  if (!reader) {
    return std::unexpected(reader.error());
  }
  const auto known = find_user(**reader, name);
  if (!known) {
    return std::unexpected(known.error());
  }
  if (!*known) {
    return fail(ErrorKind::not_found, "There is no user of this name.");
  }
  auto sessions = ended_sessions(**reader, name);
  if (!sessions) {
    return std::unexpected(sessions.error());
  }
  return put_user(**store, **known, std::move(*sessions), password);
}

}  // namespace tocsin::cli
