#include "store/loader.h"

#include <fmt/format.h>

#include <utility>

#include "store/catch_up.h"
#include "store/channel_rows.h"
#include "store/json.h"
#include "store/monitor_secrets.h"
#include "store/pass_search.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

Error about(std::string_view what, Error error) {
  error.message = fmt::format("{}: {}", what, error.message);
  return error;
}

// Of rows in the order of uids: the state, where the next one is that of this monitor.
Result<void> read_state(Rows& states, bool& has_state, MonitorRow& monitor) {
  while (has_state && states.integer(0) <= monitor.monitor.uid.value) {
    if (states.integer(0) == monitor.monitor.uid.value) {
      Result<MonitorState> state = monitor_state_from_json(states.text(1));
      if (!state) {
        return std::unexpected(about(monitor.monitor.id, state.error()));
      }
      monitor.state = std::move(*state);
    }
    const Result<bool> next = states.next();
    if (!next) {
      return std::unexpected(next.error());
    }
    has_state = *next;
  }
  return {};
}

Result<void> load_monitors(Database& database, std::vector<MonitorRow>& monitors) {
  const auto count = database.number("SELECT count(*) FROM monitors");
  if (!count) {
    return std::unexpected(count.error());
  }
  monitors.reserve(static_cast<size_t>(count->value_or(0)));
  Rows states = database.query("SELECT monitor, state FROM states ORDER BY monitor");
  const Result<bool> first = states.next();
  if (!first) {
    return std::unexpected(first.error());
  }
  bool has_state = *first;
  return sqlite::for_each_row(
      database.query("SELECT uid, project, id, retired, definition FROM monitors ORDER BY uid"),
      [&](const Rows& row) -> Result<void> {
        MonitorRow& monitor = monitors.emplace_back();
        monitor.monitor.uid.value = row.integer(0);
        monitor.monitor.project = row.text(1);
        monitor.monitor.id = row.text(2);
        monitor.monitor.retired = row.integer(3) != 0;
        Result<Monitor> definition = monitor_from_json(row.text(4));
        if (!definition) {
          return std::unexpected(about(monitor.monitor.id, definition.error()));
        }
        monitor.monitor.definition = std::move(*definition);
        return read_state(states, has_state, monitor);
      });
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

Result<void> catch_up_all(Database& database, LoadedStore& loaded) {
  std::vector<MonitorUid> live;
  for (const MonitorRow& row : loaded.monitors) {
    if (!row.monitor.retired) {
      live.push_back(row.monitor.uid);
    }
  }
  const auto passes = newest_slots(database, live, loaded.clock_epoch);
  if (!passes) {
    return std::unexpected(passes.error());
  }
  for (MonitorRow& row : loaded.monitors) {
    if (row.monitor.retired) {
      continue;
    }
    const auto found = passes->find(row.monitor.uid);
    const std::span<const PlainPass> newest =
        found == passes->end() ? std::span<const PlainPass>() : found->second;
    if (Result<void> done =
            catch_up(database, row.monitor.uid, loaded.clock_epoch, newest, row.state);
        !done) {
      return done;
    }
  }
  return {};
}

}  // namespace

Result<LoadedStore> load_store(Database& database, const SecretBox& box) {
  LoadedStore loaded;
  // One moment for all; and a transaction for each of so many questions would cost more than they.
  sqlite::Transaction moment(database);
  Result<void> done = moment.begin_reading();
  if (done) {
    done = load_monitors(database, loaded.monitors);
  }
  if (done) {
    done = open_definitions(loaded.monitors, box);
  }
  if (done) {
    done = load_incidents(database, loaded.open_incidents);
  }
  if (done) {
    done = load_deliveries(database, loaded.waiting_deliveries);
  }
  if (done) {
    done = load_clock(database, loaded);
  }
  if (done) {
    Result<std::vector<ChannelRow>> channels = load_channels(database, box);
    if (!channels) {
      return std::unexpected(channels.error());
    }
    loaded.channels = std::move(*channels);
  }
  if (done) {
    done = catch_up_all(database, loaded);
  }
  if (!done) {
    return std::unexpected(done.error());
  }
  return loaded;
}

}  // namespace tocsin
