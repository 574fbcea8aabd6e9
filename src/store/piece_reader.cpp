#include "store/piece_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "core/monitor_brief.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

// Definitions in their stored form, of some monitors: one string for all.
struct PackedPiece {
  std::string texts;
  std::vector<PackedDefinition> items;
};

std::shared_ptr<const Monitor> unpack(std::string_view text) {
  auto monitor = std::make_shared<Monitor>();
  const Result<void> read = read_monitor(text, *monitor);
  CHECK(read, "a definition is packed when it, or one like it, was read");
  return monitor;
}

}  // namespace

Error about(std::string_view what, Error error) {
  error.message = fmt::format("{}: {}", what, error.message);
  return error;
}

PieceReader::PieceReader(Database& database, const SecretBox& box, const Roll& roll)
    : database_(database), box_(box), roll_(roll), catch_up_(database, roll.clock_epoch) {}

Result<void> PieceReader::read(size_t from, size_t to, Piece& piece) {
  piece.monitors.clear();
  piece.closed = {};
  piece.monitors.reserve(to - from);
  const int64_t first = roll_.uids[from].value;
  const int64_t last = roll_.uids[to - 1].value;
  Rows states = database_.query(
      "SELECT monitor, state FROM states WHERE monitor BETWEEN ? AND ? ORDER BY monitor",
      {first, last});
  if (Result<void> moved = next_state(states); !moved) {
    return moved;
  }
  const Result<void> read = sqlite::for_each_row(
      database_.query(
          "SELECT uid, id, retired, definition, (SELECT slot FROM results WHERE monitor "
          "= uid AND epoch = ?3 AND final = 1 ORDER BY slot DESC LIMIT 1) FROM "
          "monitors WHERE uid BETWEEN ?1 AND ?2 ORDER BY uid",
          {first, last, roll_.clock_epoch}),
      [&](const Rows& row) { return read_row(row, states, piece); });
  if (read) {
    hand_out_packed(piece.monitors);
  }
  return read;
}

Result<void> PieceReader::next_state(Rows& states) {
  const Result<bool> next = states.next();
  has_state_ = next && *next;
  return next ? Result<void>() : std::unexpected(next.error());
}

Result<void> PieceReader::read_row(const Rows& row, Rows& states, Piece& piece) {
  LoadedMonitor& monitor = piece.monitors.emplace_back();
  monitor.uid = {row.integer(0)};
  monitor.retired = row.integer(2) != 0;
  Result<void> done = read_definition(row.text(3), piece);
  if (done) {
    done = read_state(states, monitor.uid, monitor.state);
  }
  if (done && !monitor.retired) {
    const auto newest_row = row.is_null(4) ? std::nullopt : std::optional(row.time(4));
    done = catch_up_.move(monitor.uid, newest_row, newest_of(monitor.uid), monitor.state);
  }
  return done ? done : std::unexpected(about(row.text(1), done.error()));
}

// All are read, so that what cannot be is found now, but most into the same place: a million of
// them that are not needed yet cost more than to read them once more.
Result<void> PieceReader::read_definition(std::string_view text, Piece& piece) {
  LoadedMonitor& monitor = piece.monitors.back();
  if (auto brief = alike_.brief(text)) {
    monitor.brief = std::move(*brief);
    pack(text, piece);
    return {};
  }
  scratch_ = Monitor();
  if (Result<void> read = read_monitor(text, scratch_); !read) {
    return read;
  }
  monitor.brief = brief_of(scratch_);
  // The plan of the files and whoever asks for a channel's monitors look at all of theirs at once,
  // and a password has to be opened.
  if (monitor.brief.of_ui && !monitor.brief.names_channels && !scratch_.proxy) {
    alike_.remember(text, scratch_, monitor.brief);
    pack(text, piece);
  } else {
    piece.closed.open(scratch_, box_);
    monitor.definition = std::make_shared<const Monitor>(std::move(scratch_));
  }
  return {};
}

void PieceReader::pack(std::string_view text, const Piece& piece) {
  packed_.push_back(
      {.monitor = piece.monitors.size() - 1, .begin = texts_.size(), .size = text.size()});
  texts_ += text;
}

void PieceReader::hand_out_packed(std::vector<LoadedMonitor>& monitors) {
  const auto piece = std::make_shared<PackedPiece>();
  piece->texts = std::exchange(texts_, {});
  piece->items.reserve(packed_.size());  // they do not move any more
  for (const Text& text : std::exchange(packed_, {})) {
    const PackedDefinition& item = piece->items.emplace_back(PackedDefinition{
        .text = std::string_view(piece->texts).substr(text.begin, text.size), .unpack = unpack});
    monitors[text.monitor].definition =
        DefinitionCell(std::shared_ptr<const PackedDefinition>(piece, &item));
  }
}

// Of rows in the order of uids: the state, where the next one is that of this monitor.
Result<void> PieceReader::read_state(Rows& states, MonitorUid uid, MonitorState& state) {
  while (has_state_ && states.integer(0) <= uid.value) {
    if (states.integer(0) == uid.value) {
      if (Result<void> read = states_.read(states.text(1), state); !read) {
        return read;
      }
    }
    if (Result<void> moved = next_state(states); !moved) {
      return moved;
    }
  }
  return {};
}

std::span<const PlainPass> PieceReader::newest_of(MonitorUid uid) const {
  const auto found = std::ranges::lower_bound(roll_.live, uid);
  const auto place = static_cast<size_t>(found - roll_.live.begin());
  return roll_.newest[place / roll_.newest_each].of(place % roll_.newest_each);
}

}  // namespace tocsin
