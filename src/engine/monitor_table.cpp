#include "engine/monitor_table.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/letter_case.h"
#include "base/time.h"

namespace tocsin {

std::string closed_sentence(const ClosedIncident& closed) {
  return "The incident was closed at " + rfc3339(closed.closed) + " (" + closed.reason +
         "); there is nothing to acknowledge.";
}

MonitorView view_of(const MonitorEntry& entry, std::optional<SystemTime> next_run) {
  return {.uid = entry.uid,
          .definition = entry.definition,
          .state = entry.state,
          .next_run = next_run,
          .last = entry.last.get(),
          .retired = entry.retired};
}

bool fits(const MonitorEntry& entry, const MonitorFilter& filter) {
  const Monitor& monitor = *entry.definition;
  if (entry.retired || (filter.status && entry.state.status.kind != *filter.status)) {
    return false;
  }
  if (!filter.project.empty() && monitor.project != filter.project) {
    return false;
  }
  if (!filter.group.empty() && monitor.group != filter.group) {
    return false;
  }
  if (!filter.tag.empty() && std::ranges::find(monitor.tags, filter.tag) == monitor.tags.end()) {
    return false;
  }
  return filter.search.empty() || entry.sought.contains(filter.search);
}

MonitorEntry& MonitorTable::add(MonitorUid uid, Monitor definition, MonitorState state,
                                bool retired) {
  const auto index = static_cast<uint32_t>(entries_.size());
  MonitorEntry& entry = entries_.emplace_back();
  entry.index = index;
  entry.uid = uid;
  entry.state = std::move(state);
  entry.retired = retired;
  if (entry.state.status.slot != SystemTime{}) {
    entry.last_slot = entry.state.status.slot;
  }
  by_uid_.emplace(uid, index);
  by_id_.emplace(definition.id, index);
  redefine(entry, std::move(definition));
  return entry;
}

void MonitorTable::redefine(MonitorEntry& entry, Monitor definition) {
  entry.schedule = schedule_of(entry.uid, definition.interval);
  entry.sought =
      fold_case(definition.id + '\n' + definition.name + '\n' + definition.target.text());
  entry.definition = std::make_shared<const Monitor>(std::move(definition));
}

MonitorEntry* MonitorTable::find(MonitorUid uid) {
  const auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : &entries_[found->second];
}

const MonitorEntry* MonitorTable::find(MonitorUid uid) const {
  const auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : &entries_[found->second];
}

const MonitorEntry* MonitorTable::find(std::string_view id_or_uid) const {
  // A uid first: it is the one name that nobody can give to another monitor.
  MonitorUid uid;
  const auto parsed =
      std::from_chars(id_or_uid.data(), id_or_uid.data() + id_or_uid.size(), uid.value);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == id_or_uid.data() + id_or_uid.size();
  if (const MonitorEntry* const entry = whole ? find(uid) : nullptr) {
    return entry;
  }
  const MonitorEntry* retired = nullptr;
  const auto [first, last] = by_id_.equal_range(std::string(id_or_uid));
  for (auto it = first; it != last; ++it) {
    const MonitorEntry& entry = entries_[it->second];
    if (!entry.retired) {
      return &entry;
    }
    retired = &entry;
  }
  return retired;
}

const MonitorEntry* MonitorTable::find_live(std::string_view id) const {
  const MonitorEntry* const found = find(id);
  return found == nullptr || found->retired || found->definition->id != id ? nullptr : found;
}

MonitorEntry* MonitorTable::find(std::string_view project, std::string_view id) {
  return const_cast<MonitorEntry*>(std::as_const(*this).find(project, id));
}

const MonitorEntry* MonitorTable::find(std::string_view project, std::string_view id) const {
  const auto [first, last] = by_id_.equal_range(std::string(id));
  for (auto it = first; it != last; ++it) {
    if (entries_[it->second].definition->project == project) {
      return &entries_[it->second];
    }
  }
  return nullptr;
}

MonitorEntry* MonitorTable::find_open(const IncidentId& incident) {
  const auto found = std::ranges::find_if(entries_, [&](const MonitorEntry& entry) {
    return entry.incident && entry.incident->id == incident;
  });
  return found == entries_.end() ? nullptr : &*found;
}

const ClosedIncident* MonitorTable::find_closed(const IncidentId& incident) const {
  const auto found = std::ranges::find_if(entries_, [&](const MonitorEntry& entry) {
    return entry.closed && entry.closed->id == incident;
  });
  return found == entries_.end() ? nullptr : &*found->closed;
}

std::vector<KnownMonitor> MonitorTable::known() const {
  std::vector<KnownMonitor> result;
  result.reserve(entries_.size());
  for (const MonitorEntry& entry : entries_) {
    result.push_back({entry.uid, entry.definition->project, entry.definition->id, entry.retired,
                      *entry.definition});
  }
  return result;
}

bool MonitorTable::begin_list(MonitorList& list) const {
  MonitorFilter& filter = list.filter;
  if (filter.after.value != 0) {
    const MonitorEntry* const after = find(filter.after);
    list.starts_nowhere = after == nullptr;
    list.place = after == nullptr ? 0 : after->index + 1;
  }
  if (list.starts_nowhere || filter.search.contains('\n')) {
    return false;  // no id, name or target holds a line end; in `sought` it parts them
  }
  filter.search = fold_case(filter.search);
  return true;
}

}  // namespace tocsin
