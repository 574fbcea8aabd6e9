#include "store/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <mutex>

namespace tocsin::sqlite {
namespace {

// Readers hold locks for microseconds; only recovery after a crash takes longer.
constexpr int kBusyMilliseconds = 2000;

// The kind an operator or the writer would act on.
ErrorKind kind_of(int extended, int system_error) {
  if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) {
    return ErrorKind::io;  // whatever the reason: what was written may be lost, and the handle with
                           // it
  }
  if (extended == SQLITE_IOERR_SHMSIZE || system_error == ENOSPC || system_error == EDQUOT ||
      system_error == EFBIG) {
    return ErrorKind::disk_full;
  }
  switch (extended & 0xFF) {
    case SQLITE_FULL:
      return ErrorKind::disk_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::busy;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return ErrorKind::conflict;
    case SQLITE_TOOBIG:
      return ErrorKind::too_large;
    default:
      return ErrorKind::io;
  }
}

// Its count of all memory in use, which nobody reads, is a lock that all threads share.
void leave_memory_uncounted() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

// The system's error is only of interest (and only fresh) where the operating system was asked.
bool asked_system(int extended) {
  const int primary = extended & 0xFF;
  return primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL;
}

}  // namespace

int Value::bind(sqlite3_stmt* statement, int index) const {
  if (const auto* number = std::get_if<int64_t>(&value_)) {
    return sqlite3_bind_int64(statement, index, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&value_)) {
    const char* data = text->data() != nullptr ? text->data() : "";
    return sqlite3_bind_text64(statement, index, data, text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<Blob>(&value_)) {
    const char* data = blob->bytes.data() != nullptr ? blob->bytes.data() : "";
    return sqlite3_bind_blob64(statement, index, data, blob->bytes.size(), SQLITE_TRANSIENT);
  }
  return sqlite3_bind_null(statement, index);
}

// --- Rows

Rows::Rows(Database& database, Result<sqlite3_stmt*> statement)
    : database_(database), statement_(std::move(statement)) {}

Rows::~Rows() {
  if (statement_) {
    sqlite3_reset(*statement_);
  }
}

Result<bool> Rows::next() {
  if (!statement_) {
    return std::unexpected(statement_.error());
  }
  const int code = sqlite3_step(*statement_);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  Error error = database_.error(code);
  sqlite3_reset(*statement_);
  statement_ = std::unexpected(error);
  return std::unexpected(std::move(error));
}

int64_t Rows::integer(int column) const { return sqlite3_column_int64(*statement_, column); }

std::string_view Rows::text(int column) const {
  const void* bytes = sqlite3_column_blob(*statement_, column);
  const int size = sqlite3_column_bytes(*statement_, column);
  return bytes != nullptr
             ? std::string_view(static_cast<const char*>(bytes), static_cast<size_t>(size))
             : std::string_view();
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(*statement_, column) == SQLITE_NULL;
}

// --- Database

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void Database::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<Database> Database::open(const std::filesystem::path& file, Access access) {
  leave_memory_uncounted();
  Database database(file);
  const int flags =
      SQLITE_OPEN_NOMUTEX |
      (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  database.handle_.reset(handle);
  if (code != SQLITE_OK) {
    return std::unexpected(database.error(code));
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (access == Access::read) {
    database.abandon();
    sqlite3_wal_autocheckpoint(handle, 0);
    if (Result<void> set = database.execute("PRAGMA query_only=ON"); !set) {
      return std::unexpected(set.error());
    }
    return database;
  }
  // A hook of our own takes the place of SQLite's automatic checkpoint, which would run inside the
  // commit of a transition.
  sqlite3_wal_hook(
      handle,
      [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
      },
      database.log_pages_.get());
  return database;
}

Error Database::error(int code) const {
  const int extended = handle_ ? sqlite3_extended_errcode(handle_.get()) : code;
  const int shown = (extended & 0xFF) == (code & 0xFF) ? extended : code;
  const int system_error = handle_ && asked_system(shown) ? sqlite3_system_errno(handle_.get()) : 0;
  const char* what = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  std::string text = fmt::format("{}: {}", file_.string(), what);
  if (system_error != 0) {
    text += fmt::format(": {}", std::strerror(system_error));
  }
  return Error{kind_of(shown, system_error), fmt::format("{} (SQLite {})", text, shown)};
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return std::unexpected(error(code));
  }
  return {};
}

Result<sqlite3_stmt*> Database::prepare(const char* sql, std::initializer_list<Value> values) {
  auto& kept = statements_[sql];
  if (!kept) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
      return std::unexpected(error(code));
    }
    kept.reset(statement);
  }
  sqlite3_reset(kept.get());
  int index = 0;
  for (const Value& value : values) {
    if (const int code = value.bind(kept.get(), ++index); code != SQLITE_OK) {
      return std::unexpected(error(code));
    }
  }
  return kept.get();
}

Rows Database::query(const char* sql, std::initializer_list<Value> values) {
  return {*this, prepare(sql, values)};
}

Result<void> Database::run(const char* sql, std::initializer_list<Value> values) {
  Rows rows = query(sql, values);
  while (true) {
    const Result<bool> more = rows.next();
    if (!more) {
      return std::unexpected(more.error());
    }
    if (!*more) {
      return {};
    }
  }
}

Result<std::optional<int64_t>> Database::number(const char* sql,
                                                std::initializer_list<Value> values) {
  Rows rows = query(sql, values);
  const Result<bool> found = rows.next();
  if (!found) {
    return std::unexpected(found.error());
  }
  if (!*found || rows.is_null(0)) {
    return std::nullopt;
  }
  return rows.integer(0);
}

int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

Result<void> Database::checkpoint(int mode) {
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), "main", mode, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return std::unexpected(error(code));
  }
  return {};
}

Result<void> Database::checkpoint() {
  *log_pages_ = 0;
  return checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}

Result<void> Database::checkpoint_all() {
  *log_pages_ = 0;
  return checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

void Database::abandon() {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

// --- Transaction

Transaction::~Transaction() {
  if (database_.in_transaction()) {
    // Nothing to report: SQLite has forgotten the transaction either way.
    [[maybe_unused]] const Result<void> rolled_back = database_.execute("ROLLBACK");
  }
}

Result<void> Transaction::begin() { return database_.execute("BEGIN IMMEDIATE"); }

Result<void> Transaction::begin_reading() { return database_.execute("BEGIN"); }

Result<void> Transaction::commit() { return database_.run("COMMIT"); }

}  // namespace tocsin::sqlite
