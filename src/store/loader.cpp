#include "store/loader.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "store/channel_rows.h"
#include "store/json.h"
#include "store/migrations.h"
#include "store/monitor_secrets.h"
#include "store/piece_line.h"
#include "store/piece_reader.h"
#include "store/secret_box.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

Result<void> load_roll(Database& database, Roll& roll) {
  return sqlite::for_each_row(database.query("SELECT uid, retired FROM monitors ORDER BY uid"),
                              [&](const Rows& row) -> Result<void> {
                                roll.uids.push_back({row.integer(0)});
                                if (row.integer(1) == 0) {
                                  roll.live.push_back({row.integer(0)});
                                }
                                return {};
                              });
}

// Calls `work` with a connection of the calling thread's own, in which nothing changes.
template <class Work>
Result<void> with_reader(const std::filesystem::path& file, Work work) {
  Result<Database> database = open_store_reader(file);
  if (!database) {
    return std::unexpected(database.error());
  }
  sqlite::Transaction moment(*database);
  if (Result<void> begun = moment.begin_reading(); !begun) {
    return begun;
  }
  return work(*database);
}

Result<void> load_incidents(Database& database, std::vector<Incident>& incidents) {
  return sqlite::for_each_row(
      database.query("SELECT id, incident FROM incidents WHERE closed IS NULL ORDER BY id"),
      [&](const Rows& row) -> Result<void> {
        Result<Incident> incident = incident_from_json(row.text(1));
        if (!incident) {
          return std::unexpected(about(row.text(0), incident.error()));
        }
        incidents.push_back(std::move(*incident));
        return {};
      });
}

Result<void> load_deliveries(Database& database, std::vector<Delivery>& deliveries) {
  return sqlite::for_each_row(database.query("SELECT key, delivery FROM deliveries WHERE state = ? "
                                             "ORDER BY created, incident, number, key",
                                             {static_cast<int64_t>(DeliveryState::waiting)}),
                              [&](const Rows& row) -> Result<void> {
                                Result<Delivery> delivery = delivery_from_json(row.text(1));
                                if (!delivery) {
                                  return std::unexpected(about(row.text(0), delivery.error()));
                                }
                                deliveries.push_back(std::move(*delivery));
                                return {};
                              });
}

Result<void> load_clock(Database& database, LoadedStore& loaded) {
  constexpr const char* kValue = "SELECT value FROM meta WHERE name = ?";
  const auto epoch = database.number(kValue, {"clock_epoch"});
  if (!epoch) {
    return std::unexpected(epoch.error());
  }
  const auto seen = database.number(kValue, {"clock_seen"});
  if (!seen) {
    return std::unexpected(seen.error());
  }
  if (*epoch && !std::in_range<uint32_t>(**epoch)) {
    return fail(ErrorKind::corrupt, "stored clock_epoch: it is out of its range");
  }
  loaded.clock_epoch = static_cast<uint32_t>(epoch->value_or(0));
  if (*seen) {
    loaded.clock_seen = SystemTime(Duration(**seen));
  }
  return {};
}

// Nothing: the system has no thread to give.
template <class Work>
std::optional<std::jthread> thread_for(Work& work) {
  try {
    return std::jthread([&work] { work(); });
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

// Several threads look for a part of the monitors each.
Result<void> load_newest(const std::filesystem::path& file, const LoadSettings& settings,
                         Roll& roll) {
  const std::span<const MonitorUid> live = roll.live;
  const size_t parts = std::max<size_t>(settings.readers, 1);
  roll.newest_each = std::max<size_t>((live.size() + parts - 1) / parts, 1);
  std::vector<std::optional<Result<NewestSlots>>> found(parts);
  const auto look = [&](size_t part) {
    const size_t from = std::min(part * roll.newest_each, live.size());
    const size_t count = std::min(roll.newest_each, live.size() - from);
    const Result<void> opened = with_reader(file, [&](Database& database) -> Result<void> {
      found[part] = NewestSlots::read(database, live.subspan(from, count), roll.clock_epoch);
      return {};
    });
    if (!opened) {
      found[part] = std::unexpected(opened.error());
    }
  };
  std::vector<std::function<void()>> works;
  for (size_t part = 1; part < parts; ++part) {
    works.emplace_back([&look, part] { look(part); });
  }
  {
    std::vector<std::jthread> threads;
    for (auto& work : works) {
      if (auto thread = thread_for(work)) {
        threads.push_back(std::move(*thread));
      } else {
        work();
      }
    }
    look(0);
  }
  for (std::optional<Result<NewestSlots>>& part : found) {
    if (!*part) {
      return std::unexpected(part->error());
    }
    roll.newest.push_back(std::move(**part));
  }
  return {};
}

Result<void> load_monitors(const std::filesystem::path& file, const LoadSettings& settings,
                           const Roll& roll, const TakeMonitors& take) {
  const size_t all = roll.uids.size();
  const size_t pieces = (all + settings.monitors_a_piece - 1) / settings.monitors_a_piece;
  const SecretBox box(file.parent_path());
  PieceLine<Piece> line(pieces);
  // Hands on what it reads, until nothing more is wanted.
  const auto read_with = [&](auto next, auto put) {
    return with_reader(file, [&](Database& database) -> Result<void> {
      PieceReader reader(database, box, roll);
      Piece piece;
      while (const std::optional<size_t> number = next(piece)) {
        const size_t from = *number * settings.monitors_a_piece;
        const size_t to = std::min(from + settings.monitors_a_piece, all);
        if (Result<void> read = reader.read(from, to, piece); !read) {
          return read;
        }
        put(*number, piece);
      }
      return {};
    });
  };
  ClosedPasswords closed;
  const auto hand_on = [&](Piece& piece) {
    closed.add(std::move(piece.closed));
    take(piece.monitors, all);
  };

  auto work = [&] {
    const Result<void> done =
        read_with([&](Piece& used) { return line.claim(used); },
                  [&](size_t number, Piece& piece) { line.put(number, std::move(piece)); });
    if (!done) {
      line.stop(done.error());
    }
  };
  std::vector<std::jthread> readers;
  for (size_t i = 0; i < std::min(settings.readers, pieces); ++i) {
    if (auto reader = thread_for(work)) {
      readers.push_back(std::move(*reader));
    }
  }
  if (readers.empty()) {
    size_t next = 0;
    const Result<void> done =
        read_with([&](Piece&) { return next < pieces ? std::optional(next++) : std::nullopt; },
                  [&](size_t, Piece& piece) { hand_on(piece); });
    return done ? closed.result() : done;
  }
  for (size_t i = 0; i < pieces; ++i) {
    Result<Piece> piece = line.take();
    if (!piece) {
      return std::unexpected(piece.error());
    }
    hand_on(*piece);
    line.give_back(std::move(*piece));
  }
  return closed.result();
}

Result<LoadedStore> load_all(const std::filesystem::path& file, const LoadSettings& settings,
                             const TakeMonitors& take) {
  LoadedStore loaded;
  const Result<void> done = with_reader(file, [&](Database& database) -> Result<void> {
    Roll roll;
    Result<void> read = load_clock(database, loaded);
    if (read) {
      roll.clock_epoch = loaded.clock_epoch;
      read = load_roll(database, roll);
    }
    if (read) {
      read = load_newest(file, settings, roll);
    }
    if (read) {
      read = load_monitors(file, settings, roll, take);
    }
    if (read) {
      read = load_incidents(database, loaded.open_incidents);
    }
    if (read) {
      read = load_deliveries(database, loaded.waiting_deliveries);
    }
    if (!read) {
      return read;
    }
    Result<std::vector<ChannelRow>> channels =
        load_channels(database, SecretBox(file.parent_path()));
    if (!channels) {
      return std::unexpected(channels.error());
    }
    loaded.channels = std::move(*channels);
    return {};
  });
  return done ? Result<LoadedStore>(std::move(loaded)) : std::unexpected(done.error());
}

}  // namespace

LoadSettings load_settings_for(uintmax_t file_bytes) {
  constexpr uintmax_t kSmallFile = 4_MiB;  // read before a thread has started
  constexpr size_t kReadersMax = 4;
  constexpr size_t kMonitorsAPiece = 256;
  return {.readers = file_bytes < kSmallFile
                         ? 0
                         : std::clamp<size_t>(std::thread::hardware_concurrency(), 1, kReadersMax),
          .monitors_a_piece = kMonitorsAPiece};
}

Result<LoadedStore> load_store(const std::filesystem::path& file, const LoadSettings& settings,
                               const TakeMonitors& take) {
  Result<void> whole;
  auto check = [&] {
    whole = with_reader(file, [&](Database& database) { return check_tables(database, file); });
  };
  std::optional<std::jthread> checking;
  if (settings.readers > 0) {
    checking = thread_for(check);
  }
  if (!checking) {
    check();
  }
  Result<LoadedStore> loaded = load_all(file, settings, take);
  if (checking) {
    checking->join();
  }
  // Damage is the reason of whatever else went wrong.
  return whole ? std::move(loaded) : std::unexpected(whole.error());
}

}  // namespace tocsin
