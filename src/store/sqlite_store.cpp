// Joins the parts: the writer with its keeper for what goes in, connections of their own for what
// comes out.
#include "store/sqlite_store.h"

#include <system_error>
#include <utility>

#include "store/keeper.h"
#include "store/loader.h"
#include "store/migrations.h"
#include "store/reader.h"
#include "store/writer.h"

namespace tocsin {
namespace {

class SqliteStore final : public Store {
 public:
  SqliteStore(std::filesystem::path file, std::unique_ptr<Keeper> keeper, const Clock& clock,
              Mailbox& mailbox)
      : file_(std::move(file)), writer_(std::move(keeper), clock, mailbox) {}

  Result<void> start_thread() {
    has_thread_ = true;
    return writer_.start_thread();
  }

  Result<LoadedStore> load(const TakeMonitors& take) override {
    std::error_code ignored;
    const uintmax_t bytes = has_thread_ ? std::filesystem::file_size(file_, ignored) : 0;
    return load_store(file_, load_settings_for(ignored ? 0 : bytes), take);
  }

  void submit(WriteBatch batch, std::function<void(Result<void>)> on_durable) override {
    writer_.submit(std::move(batch), std::move(on_durable));
  }

  Result<std::unique_ptr<StoreReader>> reader() override {
    Result<sqlite::Database> database = open_store_reader(file_);
    if (!database) {
      return std::unexpected(database.error());
    }
    return std::make_unique<SqliteReader>(std::move(*database));
  }

  [[nodiscard]] StoreHealth health() const override { return writer_.health(); }
  void close() override { writer_.close(); }

 private:
  std::filesystem::path file_;
  bool has_thread_ = false;
  Writer writer_;
};

}  // namespace

Result<std::set<std::string>> stored_channel_ids(const std::filesystem::path& dir) {
  std::set<std::string> ids;
  const std::filesystem::path file = dir / "tocsin.db";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    return ids;
  }
  Result<sqlite::Database> database = open_store_reader(file);
  if (!database) {
    return std::unexpected(database.error());
  }
  const auto tables =
      database->number("SELECT count(*) FROM sqlite_schema WHERE name = 'channels'");
  if (!tables) {
    return std::unexpected(tables.error());
  }
  if (tables->value_or(0) == 0) {
    return ids;
  }
  const Result<void> read = sqlite::for_each_row(database->query("SELECT id FROM channels"),
                                                 [&](const sqlite::Rows& row) -> Result<void> {
                                                   ids.emplace(row.text(0));
                                                   return {};
                                                 });
  if (!read) {
    return std::unexpected(read.error());
  }
  return ids;
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteSettings& settings, const Clock& clock,
                                                 Mailbox& mailbox) {
  Result<std::unique_ptr<Keeper>> keeper = Keeper::open(settings, clock);
  if (!keeper) {
    return std::unexpected(keeper.error());
  }
  auto store =
      std::make_unique<SqliteStore>(settings.dir / "tocsin.db", std::move(*keeper), clock, mailbox);
  if (settings.own_thread) {
    if (Result<void> started = store->start_thread(); !started) {
      return std::unexpected(started.error());
    }
  }
  return store;
}

}  // namespace tocsin
