#include "cli/token_store.h"

#include <optional>

#include "api/token.h"
#include "engine/system_ports.h"
#include "store/sqlite_store.h"

namespace tocsin::cli {
namespace {

// Work is done where it is posted: this command has one thread and no loop.
class DirectMailbox final : public Mailbox {
 public:
  void post(std::function<void()> work) override { work(); }
};

Result<void> write_row(Store& store, TokenRow row) {
  WriteBatch batch;
  batch.tokens.push_back(std::move(row));
  batch.urgent = true;
  std::optional<Result<void>> written;
  store.submit(std::move(batch), [&written](Result<void> result) { written = std::move(result); });
  store.close();
  return written.value_or(fail(ErrorKind::io, "The store did not say whether it kept the token."));
}

}  // namespace

Result<std::string> create_token_in_store(const std::filesystem::path& data,
                                          const std::string& scope, const std::string& name) {
  const auto lock = StoreLock::acquire(data);
  if (!lock) {
    return std::unexpected(lock.error());
  }
  const SystemClock clock;
  DirectMailbox mailbox;
  const auto store =
      open_sqlite_store(SqliteSettings{.dir = data, .own_thread = false}, clock, mailbox);
  if (!store) {
    return std::unexpected(store.error());
  }
  if (const auto loaded = (*store)->load(); !loaded) {
    return std::unexpected(loaded.error());
  }
  const auto token = make_token();
  if (!token) {
    return std::unexpected(token.error());
  }
  const std::string hash = token_hash(*token);
  const Result<void> written = write_row(**store, TokenRow{.id = token_id(hash),
                                                           .hash = hash,
                                                           .scope = scope,
                                                           .name = name,
                                                           .created = clock.system_now()});
  if (!written) {
    return std::unexpected(written.error());
  }
  return *token;
}

}  // namespace tocsin::cli
