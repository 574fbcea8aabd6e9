#include "engine/channel_desk.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "notify/message.h"
#include "notify/notice.h"

namespace tocsin {
namespace {

// Every test is a message of its own, which a receiver must not take for a repeat.
Delivery test_delivery(const Channel& channel, const IncidentId& unique, SystemTime now) {
  NoticeFacts facts;
  facts.event.type = EventType::test;
  facts.event.number = 1;
  facts.event.at = now;
  facts.event.status = StatusKind::up;
  facts.event.severity = Verdict::passed;
  Delivery delivery;
  delivery.key = delivery_key(unique, facts.event.number, channel.id);
  delivery.incident_key = incident_key(unique, channel.id);
  delivery.channel = channel.id;
  delivery.event = facts.event;
  delivery.payload = to_json(facts);
  delivery.created = now;
  delivery.next_attempt = now;
  return delivery;
}

// In `channels` or `alert.escalate`, each once.
std::set<std::string_view> named_by(const Monitor& monitor) {
  std::set<std::string_view> named(monitor.channels.begin(), monitor.channels.end());
  for (const EscalationStep& step : monitor.alert.escalate) {
    named.insert(step.channels.begin(), step.channels.end());
  }
  return named;
}

}  // namespace

std::string owned_sentence(const Channel& channel) {
  return fmt::format("The channel \"{}\" belongs to project \"{}\" ({}:{}): change it there.",
                     channel.id, channel.project, channel.origin.file, channel.origin.line);
}

void ChannelDesk::restore(std::vector<ChannelRow> rows) {
  for (ChannelRow& row : rows) {
    if (row.secrets_lost) {
      parts_.journal.warning("secrets of a channel are lost, enter them again",
                             {{"channel", row.channel.id}});
    }
    std::string id = row.channel.id;
    ui_.insert_or_assign(std::move(id), std::move(row));
  }
}

std::vector<std::string> ChannelDesk::set_files(std::map<std::string, Channel> channels) {
  files_ = std::move(channels);
  publish();
  std::vector<std::string> hidden;
  for (const auto& [id, row] : ui_) {
    const auto file = files_.find(id);
    if (file != files_.end()) {
      const Origin& origin = file->second.origin;
      hidden.push_back(fmt::format(
          "channel \"{}\" of {}:{} takes the place of one that was made over the API; that one "
          "rests until the files' is renamed or removed",
          id, origin.file, origin.line));
      parts_.journal.warning("configuration", {{"problem", hidden.back()}});
    }
  }
  return hidden;
}

void ChannelDesk::publish() {
  all_ = files_;
  for (const auto& [id, row] : ui_) {
    all_.try_emplace(id, row.channel);
  }
  parts_.outbox.set_channels(all_);
  // Nobody names these, so nothing is told by them any more; the outbox knows them until the end.
  for (const std::string& id : leaving_) {
    if (!files_.contains(id)) {
      all_.erase(id);
    }
  }
}

std::string ChannelDesk::gone_since(const Config& config) const {
  const auto is_gone = [&](const std::string& id) {
    return !config.channels.contains(id) && (!ui_.contains(id) || leaving_.contains(id));
  };
  for (const Monitor& monitor : config.monitors) {
    for (const std::string_view id : named_by(monitor)) {
      if (is_gone(std::string(id))) {
        return fmt::format(
            "The channel \"{}\", which monitor \"{}\" names, was removed over the API while the "
            "files were read.",
            id, monitor.id);
      }
    }
  }
  return {};
}

std::map<std::string, std::vector<std::string>> ChannelDesk::uses() const {
  std::map<std::string, std::vector<std::string>> users;
  for (const MonitorEntry& entry : parts_.monitors) {
    if (!entry.retired && entry.names_channels) {
      for (const std::string_view id : named_by(*entry.definition)) {
        users[std::string(id)].push_back(entry.definition->id);
      }
    }
  }
  return users;
}

ChannelView ChannelDesk::view_of(const Channel& channel) const {
  ChannelView view{.channel = channel,
                   .waiting = parts_.outbox.waiting(channel.id),
                   .health = parts_.outbox.counters(channel.id)};
  if (const auto row = ui_.find(channel.id); view.is_ui() && row != ui_.end()) {
    view.version = row->second.version;
    view.secrets_lost = row->second.secrets_lost;
  }
  return view;
}

std::vector<ChannelView> ChannelDesk::list() const {
  std::map<std::string, std::vector<std::string>> users = uses();
  std::vector<ChannelView> views;
  for (const auto& [id, channel] : all_) {
    views.push_back(view_of(channel));
    views.back().used_by = std::move(users[id]);
  }
  return views;
}

std::optional<ChannelView> ChannelDesk::find(const std::string& id) const {
  const auto found = all_.find(id);
  if (found == all_.end()) {
    return std::nullopt;
  }
  ChannelView view = view_of(found->second);
  view.used_by = std::move(uses()[id]);
  return view;
}

std::optional<Error> ChannelDesk::refuse_change(const std::string& id, uint32_t seen) const {
  if (const auto file = files_.find(id); file != files_.end()) {
    return Error{ErrorKind::conflict, owned_sentence(file->second)};
  }
  if (changing_.contains(id)) {
    return Error{ErrorKind::busy, "Another change of this channel is being stored."};
  }
  const auto row = ui_.find(id);
  if ((row == ui_.end() ? 0 : row->second.version) != seen) {
    return Error{ErrorKind::conflict,
                 "The channel was changed meanwhile: look at it again, then send the change anew."};
  }
  return std::nullopt;
}

void ChannelDesk::save(Channel channel, uint32_t seen, Done done) {
  if (auto refusal = refuse_change(channel.id, seen)) {
    done(std::unexpected(std::move(*refusal)));
    return;
  }
  if (seen == 0 && ui_.size() + changing_.size() >= kUiChannelsMax) {
    done(
        fail(ErrorKind::too_large,
             fmt::format("There are {} channels already; more are not possible.", kUiChannelsMax)));
    return;
  }
  channel.project = kUiProject;
  channel.origin = {};
  keep({.channel = std::move(channel), .version = seen + 1}, std::move(done));
}

void ChannelDesk::remove(const std::string& id, uint32_t seen, Waiting waiting, Done done) {
  if (auto refusal = refuse_change(id, seen)) {
    done(std::unexpected(std::move(*refusal)));
    return;
  }
  if (uses().contains(id)) {
    done(fail(ErrorKind::conflict, "Monitors name this channel."));
    return;
  }
  if (waiting == Waiting::keep && parts_.outbox.waiting(id) > 0) {
    done(fail(ErrorKind::conflict, "Notices wait for this channel."));
    return;
  }
  ChannelRow row;
  row.channel.id = id;
  row.removed = true;
  leaving_.insert(id);
  publish();
  keep(std::move(row), std::move(done));
}

// In a batch of its own, so that the answer is about it alone.
void ChannelDesk::keep(ChannelRow row, Done done) {
  changing_.insert(row.channel.id);
  WriteBatch batch;
  batch.channels.push_back(row);
  batch.urgent = true;
  parts_.store.submit(std::move(batch), [this, row = std::move(row),
                                         done = std::move(done)](const Result<void>& kept) {
    settle(row, kept);
    done(kept);
  });
}

void ChannelDesk::settle(const ChannelRow& row, const Result<void>& kept) {
  changing_.erase(row.channel.id);
  leaving_.erase(row.channel.id);
  if (kept && row.removed) {
    ui_.erase(row.channel.id);
  } else if (kept) {
    ui_.insert_or_assign(row.channel.id, row);
  }
  publish();
}

Result<void> ChannelDesk::test(const std::string& id, Tested done) {
  const auto channel = all_.find(id);
  if (channel == all_.end()) {
    return fail(ErrorKind::not_found, "There is no channel with this id.");
  }
  const SystemTime now = parts_.clock.system_now();
  const IncidentId unique{uuid7(now, parts_.random.next(), parts_.random.next())};
  Result<OutgoingMessage> message =
      make_message(channel->second, test_delivery(channel->second, unique, now), now);
  if (!message) {
    done({.kind = SendOutcome::Kind::rejected, .result = message.error().message});
    return {};
  }
  std::visit([](auto& one) { one.within = kTestSendTimeout; }, *message);
  const uint64_t token = ++last_test_;
  tests_.emplace(token, std::move(done));
  parts_.sender.send(token, std::move(*message), *this);
  return {};
}

void ChannelDesk::on_sent(uint64_t token, const SendOutcome& outcome) {
  auto found = tests_.extract(token);
  CHECK(!found.empty(), "the sender answers each token once");
  found.mapped()(outcome);
}

}  // namespace tocsin
