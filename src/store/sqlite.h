// SQLite's C interface with owners: a connection that keeps its prepared statements, a running
// query, and errors as our Error with the extended code, so that a full disk is told from a broken
// one. Knows no table of ours.
//
// A connection belongs to one thread at a time.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/result.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tocsin::sqlite {

// Bytes that are not text.
struct Blob {
  std::string_view bytes;
};

// One value for a `?` of a statement. Times go in as whole microseconds.
class Value {
 public:
  Value(std::integral auto number) : value_(static_cast<int64_t>(number)) {}
  Value(std::string_view text) : value_(text) {}
  Value(const std::string& text) : value_(std::string_view(text)) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  Value(Blob blob) : value_(blob) {}
  Value(Duration duration) : value_(int64_t{duration.count()}) {}
  Value(SystemTime at) : value_(int64_t{at.time_since_epoch().count()}) {}
  template <class T>
  Value(const std::optional<T>& value) : Value(value ? Value(*value) : Value()) {}
  Value() = default;  // NULL

  // The code of sqlite3_bind_*.
  int bind(sqlite3_stmt* statement, int index) const;

 private:
  std::variant<std::monostate, int64_t, std::string_view, Blob> value_;
};

class Database;

// The rows of one running query, one at a time. Ends the query (and its read transaction) when it
// goes out of scope; lives no longer than its Database.
class Rows {
 public:
  Rows(Database& database, Result<sqlite3_stmt*> statement);
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows();

  // Moves to the next row; false behind the last one. After an error there is nothing more.
  Result<bool> next();

  // Of the present row, columns from 0. Texts and bytes are valid until next().
  [[nodiscard]] int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] SystemTime time(int column) const { return SystemTime(Duration(integer(column))); }
  [[nodiscard]] Duration duration(int column) const { return Duration(integer(column)); }

 private:
  Database& database_;
  Result<sqlite3_stmt*> statement_;
};

// Calls `take(rows)`, which gives a Result<void>, for every row until one fails.
template <class Take>
Result<void> for_each_row(Rows&& rows, Take take) {
  while (true) {
    const Result<bool> found = rows.next();
    if (!found) {
      return std::unexpected(found.error());
    }
    if (!*found) {
      return {};
    }
    if (Result<void> taken = take(std::as_const(rows)); !taken) {
      return taken;
    }
  }
}

enum class Access : uint8_t {
  write,  // made when missing; never checkpoints by itself: checkpoint() does
  read,   // cannot change the file, nor its write-ahead log
};

class Database {
 public:
  // io when the file cannot be opened. A damaged file shows at the first statement.
  static Result<Database> open(const std::filesystem::path& file, Access access);

  // Statements without values and rows; several may stand in one text.
  Result<void> execute(const char* sql);
  // One statement with its values. `sql` is a literal: the prepared form is kept under its address
  // for the life of the connection.
  Result<void> run(const char* sql, std::initializer_list<Value> values = {});
  Rows query(const char* sql, std::initializer_list<Value> values = {});
  // First column of the first row; nothing when there is no row or it is NULL.
  Result<std::optional<int64_t>> number(const char* sql, std::initializer_list<Value> values = {});

  // Rows changed by the last run().
  [[nodiscard]] int64_t changes() const;
  [[nodiscard]] bool in_transaction() const;
  // Pages in the write-ahead log after the newest commit of this connection.
  [[nodiscard]] int log_pages() const { return *log_pages_; }

  // Copies the log into the file as far as readers allow.
  Result<void> checkpoint();
  // Copies all of it and empties the log; busy when a reader still needs it.
  Result<void> checkpoint_all();
  // From now on closing does not touch the disk: for a handle on which the disk has failed.
  void abandon();

  [[nodiscard]] Error error(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Database(std::filesystem::path file) : file_(std::move(file)) {}
  Result<sqlite3_stmt*> prepare(const char* sql, std::initializer_list<Value> values);
  Result<void> checkpoint(int mode);

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
  std::unique_ptr<int> log_pages_ = std::make_unique<int>(0);
};

// A transaction: rolled back unless commit() returned well.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  Result<void> begin();
  // For several queries that are to see the same moment.
  Result<void> begin_reading();
  // Durable when it returns well (synchronous=FULL).
  Result<void> commit();

 private:
  Database& database_;
};

}  // namespace tocsin::sqlite
