#include "store/channel_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "store/channel_form.h"

namespace tocsin {
namespace {

using sqlite::Database;
using sqlite::Rows;

// In the place of sealed secrets, which are longer: they were lost and must be entered again. Do
// not change it: it is on disk.
constexpr std::string_view kLost("\0", 1);

constexpr size_t kNamedMax = 10;  // channels in one message

struct StoredRow {
  ChannelRow row;
  std::string sealed;
};

Result<StoredRow> read_row(const Rows& row) {
  Result<Channel> channel = channel_from_json(row.text(2));
  if (channel && (channel->id != row.text(0) || !std::in_range<uint32_t>(row.integer(1)))) {
    channel = fail(ErrorKind::corrupt, "stored channel: it is another one");
  }
  if (!channel) {
    return fail(channel.error().kind,
                fmt::format("channel {}: {}", row.text(0), channel.error().message));
  }
  return StoredRow{.row = {.channel = std::move(*channel),
                           .version = static_cast<uint32_t>(row.integer(1)),
                           .secrets_lost = row.text(3) == kLost},
                   .sealed = std::string(row.text(3))};
}

// Puts the secrets of a row in their place; why not, else.
Result<void> open_secrets(StoredRow& stored, const SecretBox& box) {
  if (stored.sealed.empty() || stored.row.secrets_lost) {
    return {};
  }
  const Result<std::string> secrets = box.open(stored.sealed);
  return secrets ? put_secrets(stored.row.channel, *secrets) : std::unexpected(secrets.error());
}

// Calls `take` with each row and with what came of opening its secrets.
template <class Take>
Result<void> each_row(Database& database, const SecretBox& box, Take take) {
  return sqlite::for_each_row(
      database.query("SELECT id, version, definition, secrets FROM channels ORDER BY id"),
      [&](const Rows& row) -> Result<void> {
        Result<StoredRow> stored = read_row(row);
        if (!stored) {
          return std::unexpected(stored.error());
        }
        const Result<void> opened = open_secrets(*stored, box);
        take(std::move(stored->row), opened);
        return {};
      });
}

Error cannot_open(const std::vector<std::string>& ids, const std::string& why) {
  std::vector<std::string> named(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), kNamedMax)));
  if (ids.size() > named.size()) {
    named.push_back(fmt::format("{} more", ids.size() - named.size()));
  }
  return {ErrorKind::conflict,
          fmt::format("the secrets of {} made over the API cannot be read ({}): {}. Put the right "
                      "key back in its place. If it is lost, start once with --forget-secrets and "
                      "enter them again",
                      ids.size() == 1 ? "a channel" : "channels", fmt::join(named, ", "), why)};
}

}  // namespace

Result<void> write_channel(Database& database, const ChannelRow& row, SecretBox& box) {
  const Channel& channel = row.channel;
  if (row.removed) {
    return database.run("DELETE FROM channels WHERE id = ?", {channel.id});
  }
  std::string sealed;
  if (const std::string secrets = channel_secrets(channel); !secrets.empty()) {
    // Another key than the one that is gone would lock the others in for ever.
    const auto others = database.number(
        "SELECT count(*) FROM channels WHERE id <> ? AND length(secrets) > 1", {channel.id});
    if (!others) {
      return std::unexpected(others.error());
    }
    Result<std::string> done = box.seal(
        secrets, others->value_or(0) == 0 ? SecretBox::NoKey::make : SecretBox::NoKey::refuse);
    if (!done) {
      return std::unexpected(done.error());
    }
    sealed = std::move(*done);
  }
  return database.run(
      "INSERT OR REPLACE INTO channels (id, version, definition, secrets) VALUES (?, ?, ?, ?)",
      {channel.id, row.version, to_json(channel), sqlite::Blob{sealed}});
}

Result<std::vector<ChannelRow>> load_channels(Database& database, const SecretBox& box) {
  std::vector<ChannelRow> rows;
  std::vector<std::string> closed;
  std::string why;
  const Result<void> read =
      each_row(database, box, [&](ChannelRow row, const Result<void>& opened) {
        if (!opened) {
          closed.push_back(row.channel.id);
          why = opened.error().message;
        }
        rows.push_back(std::move(row));
      });
  if (!read) {
    return std::unexpected(read.error());
  }
  if (!closed.empty()) {
    return std::unexpected(cannot_open(closed, why));
  }
  return rows;
}

Result<void> forget_lost_secrets(Database& database, const SecretBox& box) {
  std::vector<std::string> closed;
  Result<void> done =
      each_row(database, box, [&](const ChannelRow& row, const Result<void>& opened) {
        if (!opened) {
          closed.push_back(row.channel.id);
        }
      });
  for (const std::string& id : closed) {
    if (done) {
      done =
          database.run("UPDATE channels SET secrets = ? WHERE id = ?", {sqlite::Blob{kLost}, id});
    }
  }
  return done;
}

}  // namespace tocsin
