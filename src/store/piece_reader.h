// PieceReader: monitors as a start wants them, some at a time: definition, state, and what their
// newest results change of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "model/monitor.h"
#include "model/plain_pass.h"
#include "store/alike_definitions.h"
#include "store/catch_up.h"
#include "store/json.h"
#include "store/monitor_secrets.h"
#include "store/newest_slots.h"
#include "store/secret_box.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// The error with what it is about.
Error about(std::string_view what, Error error);

// What is known of all monitors before any is read.
struct Roll {
  std::vector<MonitorUid> uids;  // in order
  std::vector<MonitorUid> live;  // those that are not retired
  uint32_t clock_epoch = 0;
  std::vector<NewestSlots> newest;  // of the live ones, so many each
  size_t newest_each = 1;
};

struct Piece {
  std::vector<LoadedMonitor> monitors;
  ClosedPasswords closed;
};

// Of one thread, with a connection of its own.
class PieceReader {
 public:
  PieceReader(sqlite::Database& database, const SecretBox& box, const Roll& roll);

  // Those of the roll at places from <= place < to, instead of what was in `piece`. corrupt: one
  // cannot be read; the message names it.
  Result<void> read(size_t from, size_t to, Piece& piece);

 private:
  // The definition of one of the piece, in the texts of it.
  struct Text {
    size_t monitor = 0, begin = 0, size = 0;
  };

  Result<void> next_state(sqlite::Rows& states);
  Result<void> read_row(const sqlite::Rows& row, sqlite::Rows& states, Piece& piece);
  Result<void> read_definition(std::string_view text, Piece& piece);
  Result<void> read_state(sqlite::Rows& states, MonitorUid uid, MonitorState& state);
  // The last one of the piece.
  void pack(std::string_view text, const Piece& piece);
  void hand_out_packed(std::vector<LoadedMonitor>& monitors);
  [[nodiscard]] std::span<const PlainPass> newest_of(MonitorUid uid) const;

  sqlite::Database& database_;
  const SecretBox& box_;
  const Roll& roll_;
  CatchUp catch_up_;
  bool has_state_ = false;
  AlikeDefinitions alike_;
  Monitor scratch_;
  StateReader states_;
  std::string texts_;
  std::vector<Text> packed_;
};

}  // namespace tocsin
