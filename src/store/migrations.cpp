#include "store/migrations.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/unique_fd.h"
#include "store/schema.h"

namespace tocsin {
namespace {

using sqlite::Access;
using sqlite::Database;

constexpr mode_t kFileMode = 0600;  // results and definitions are nobody else's business

// secure_delete is on in Debian's library and would write every deleted result once more, as zeros.
constexpr const char* kWriterSettings = R"sql(
PRAGMA synchronous = FULL;
PRAGMA cache_size = -8192;
PRAGMA secure_delete = OFF;
PRAGMA journal_size_limit = 16777216;
PRAGMA foreign_keys = OFF;
)sql";
constexpr const char* kReaderSettings = "PRAGMA cache_size = -2048;";

Error damaged(std::string_view why) { return Error{ErrorKind::corrupt, std::string(why)}; }

// A damaged file: which, why, and what to do about it.
Error explained(const std::filesystem::path& file, Error error) {
  if (error.kind != ErrorKind::corrupt) {
    return error;
  }
  std::string_view why = error.message;
  if (const std::string prefix = file.string() + ": "; why.starts_with(prefix)) {
    why.remove_prefix(prefix.size());
  }
  error.message = fmt::format(
      "{0} cannot be used: {1}. Put a backup in its place, or move {0} and {0}-wal "
      "aside and start again with an empty store",
      file.string(), why);
  return error;
}

struct Header {
  int64_t application = 0;
  int64_t version = 0;
  bool has_tables = false;
};

Result<Header> read_header(Database& database) {
  const auto application = database.number("PRAGMA application_id");
  const auto version = database.number("PRAGMA user_version");
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  for (const auto* value : {&application, &version, &tables}) {
    if (!*value) {
      return std::unexpected(value->error());
    }
  }
  return Header{application->value_or(0), version->value_or(0), tables->value_or(0) > 0};
}

// Ours, or empty; not newer than we are.
Result<void> judge(const std::filesystem::path& file, const Header& header) {
  if (header.application != kApplicationId && (header.application != 0 || header.has_tables)) {
    return std::unexpected(damaged("it is a SQLite file of another program"));
  }
  if (header.version > schema_version()) {
    return fail(
        ErrorKind::newer_version,
        fmt::format(
            "{} has store version {}, this program knows up to version {}: it was written by a "
            "newer Tocsin. Install that one again, or use another data directory",
            file.string(), header.version, schema_version()));
  }
  return {};
}

// Looks at the file through a connection that cannot write, because one that can may fold the
// write-ahead log of a newer program.
Result<void> look_before_opening(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored) || std::filesystem::file_size(file, ignored) == 0) {
    return {};
  }
  Result<Database> database = Database::open(file, Access::read);
  if (!database) {
    return std::unexpected(database.error());
  }
  const Result<Header> header = read_header(*database);
  if (!header) {
    return std::unexpected(header.error());
  }
  return judge(file, *header);
}

// SQLite would make it with the permissions of the umask; the log takes those of the file.
Result<void> make_file(const std::filesystem::path& file) {
  const UniqueFd made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
  if (!made.valid()) {
    const ErrorKind kind =
        errno == ENOSPC || errno == EDQUOT ? ErrorKind::disk_full : ErrorKind::io;
    return fail(kind, fmt::format("{} cannot be opened for writing: {}", file.string(),
                                  std::strerror(errno)));
  }
  return {};
}

Result<void> apply_step(Database& database, int64_t version) {
  sqlite::Transaction transaction(database);
  if (Result<void> begun = transaction.begin(); !begun) {
    return begun;
  }
  if (Result<void> done = database.execute(schema_steps()[static_cast<size_t>(version - 1)]);
      !done) {
    return done;
  }
  const std::string mark = fmt::format("PRAGMA user_version = {}", version);
  if (Result<void> done = database.execute(mark.c_str()); !done) {
    return done;
  }
  return transaction.commit();
}

Result<void> check_table(Database& database, const char* table) {
  sqlite::Rows rows = database.query("SELECT * FROM pragma_quick_check(?1)", {table});
  const Result<bool> found = rows.next();
  if (!found) {
    return std::unexpected(found.error());
  }
  if (*found && rows.text(0) != "ok") {
    return std::unexpected(
        damaged(fmt::format("its table {} is damaged ({})", table, rows.text(0))));
  }
  return {};
}

Result<void> prepare(Database& database, const std::filesystem::path& file) {
  if (Result<void> set = database.execute("PRAGMA journal_mode = WAL"); !set) {
    return set;
  }
  if (Result<void> set = database.execute(kWriterSettings); !set) {
    return set;
  }
  const Result<Header> header = read_header(database);
  if (!header) {
    return std::unexpected(header.error());
  }
  if (Result<void> fine = judge(file, *header); !fine) {
    return fine;
  }
  for (int64_t version = header->version + 1; version <= schema_version(); ++version) {
    if (Result<void> done = apply_step(database, version); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace

Result<Database> open_store_file(const std::filesystem::path& file, TableCheck check) {
  if (Result<void> fine = look_before_opening(file); !fine) {
    return std::unexpected(explained(file, fine.error()));
  }
  if (Result<void> made = make_file(file); !made) {
    return std::unexpected(made.error());
  }
  Result<Database> database = Database::open(file, Access::write);
  if (!database) {
    return std::unexpected(explained(file, database.error()));
  }
  if (Result<void> ready = prepare(*database, file); !ready) {
    return std::unexpected(explained(file, ready.error()));
  }
  if (check == TableCheck::now) {
    if (Result<void> fine = check_tables(*database, file); !fine) {
      return std::unexpected(fine.error());
    }
  }
  return database;
}

Result<void> check_tables(Database& database, const std::filesystem::path& file) {
  for (const char* table : tables_of_decisions()) {
    if (Result<void> fine = check_table(database, table); !fine) {
      return std::unexpected(explained(file, fine.error()));
    }
  }
  return {};
}

Result<Database> open_store_reader(const std::filesystem::path& file) {
  Result<Database> database = Database::open(file, Access::read);
  if (!database) {
    return database;
  }
  if (Result<void> set = database->execute(kReaderSettings); !set) {
    return std::unexpected(set.error());
  }
  return database;
}

}  // namespace tocsin
