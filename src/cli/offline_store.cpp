#include "cli/offline_store.h"

#include <optional>
#include <utility>

#include "engine/system_ports.h"
#include "store/sqlite_store.h"

namespace tocsin::cli {
namespace {

// Work is done where it is posted: this command has one thread and no loop.
class DirectMailbox final : public Mailbox {
 public:
  void post(std::function<void()> work) override { work(); }
};

}  // namespace

class OfflineStore::Impl {
 public:
  explicit Impl(std::unique_ptr<StoreLock> lock) : lock_(std::move(lock)) {}

  Result<void> open(const std::filesystem::path& data) {
    auto store =
        open_sqlite_store(SqliteSettings{.dir = data, .own_thread = false}, clock, mailbox_);
    if (!store) {
      return std::unexpected(store.error());
    }
    store_ = std::move(*store);
    const auto loaded = store_->load([](std::span<LoadedMonitor>, size_t) {});
    return loaded ? Result<void>() : std::unexpected(loaded.error());
  }

  Result<void> write(WriteBatch batch) {
    batch.urgent = true;
    std::optional<Result<void>> written;
    store_->submit(std::move(batch),
                   [&written](Result<void> result) { written = std::move(result); });
    store_->close();
    return written.value_or(fail(ErrorKind::io, "The store did not say whether it kept this."));
  }

  Store& store() { return *store_; }
  const SystemClock clock;

 private:
  std::unique_ptr<StoreLock> lock_;
  DirectMailbox mailbox_;
  std::unique_ptr<Store> store_;
};

OfflineStore::OfflineStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
OfflineStore::~OfflineStore() = default;

Result<std::unique_ptr<OfflineStore>> OfflineStore::open(const std::filesystem::path& data) {
  auto lock = StoreLock::acquire(data);
  if (!lock) {
    return std::unexpected(lock.error());
  }
  auto impl = std::make_unique<Impl>(std::move(*lock));
  if (const auto opened = impl->open(data); !opened) {
    return std::unexpected(opened.error());
  }
  return std::make_unique<OfflineStore>(std::move(impl));
}

Result<std::unique_ptr<StoreReader>> OfflineStore::reader() { return impl_->store().reader(); }
SystemTime OfflineStore::now() const { return impl_->clock.system_now(); }
Result<void> OfflineStore::write(WriteBatch batch) { return impl_->write(std::move(batch)); }

}  // namespace tocsin::cli
