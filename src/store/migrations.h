// Opening DIR/tocsin.db for writing: is it ours, is it whole, is it of a version we know; then the
// steps that are missing.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "store/sqlite.h"

namespace tocsin {

// Makes the file when missing and brings it to the present version, each step in one transaction of
// its own: a crash between leaves a file that the next start continues. The connection is in WAL
// mode with synchronous=FULL.
//   newer_version: a newer Tocsin wrote it; no byte was changed.
//   corrupt:       damaged, or not a file of ours; the message says what to do.
//   disk_full, io: as they are.
// Tables that decisions rest on are looked through now, or later by whoever asked for that.
enum class TableCheck : uint8_t { now, later };
Result<sqlite::Database> open_store_file(const std::filesystem::path& file,
                                         TableCheck check = TableCheck::now);

// The check of those tables; `database` is open on `file` for reading or writing. corrupt: damaged,
// as above.
Result<void> check_tables(sqlite::Database& database, const std::filesystem::path& file);

// For reading only; the file was opened by the former before.
Result<sqlite::Database> open_store_reader(const std::filesystem::path& file);

}  // namespace tocsin
