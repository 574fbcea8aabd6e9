#include "engine/monitor_table.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/letter_case.h"
#include "base/time.h"
#include "core/steady.h"

namespace tocsin {
namespace {

uint64_t hash_of(MonitorUid uid) { return stable_hash(static_cast<uint64_t>(uid.value)); }
uint64_t hash_of(std::string_view folded_id) {
  return stable_hash(std::hash<std::string_view>()(folded_id));  // the bits below decide
}

}  // namespace

std::string closed_sentence(const ClosedIncident& closed) {
  return "The incident was closed at " + rfc3339(closed.closed) + " (" + closed.reason +
         "); there is nothing to acknowledge.";
}

MonitorView view_of(const MonitorEntry& entry) {
  return {.uid = entry.uid,
          .definition = entry.definition,
          .state = entry.state.get(),
          .next_run = entry.next_tick.get(),
          .last = entry.last.get(entry.uid),
          .retired = entry.retired};
}

bool MonitorTable::fits(const MonitorEntry& entry, const MonitorFilter& filter) const {
  if (entry.retired || (filter.status && entry.state.kind() != *filter.status) ||
      !sought_[entry.index].contains(filter.search)) {
    return false;
  }
  const bool is_of_project =
      filter.project.empty() ||
      (entry.of_ui ? filter.project == kUiProject : entry.definition->project == filter.project);
  if (!is_of_project || (filter.group.empty() && filter.tag.empty())) {
    return is_of_project;
  }
  const Monitor& monitor = *entry.definition;
  return (filter.group.empty() || monitor.group == filter.group) &&
         (filter.tag.empty() || std::ranges::find(monitor.tags, filter.tag) != monitor.tags.end());
}

void MonitorTable::reserve(size_t monitors) {
  sought_.reserve(monitors);
  by_uid_.reserve(monitors, [&](uint32_t index) { return hash_of(entries_[index].uid); });
  by_id_.reserve(monitors, [&](uint32_t index) { return hash_of_id(index); });
}

uint64_t MonitorTable::hash_of_id(uint32_t index) const {
  return hash_of(id_sought(sought_[index]));
}

MonitorEntry& MonitorTable::add(LoadedMonitor&& monitor) {
  const auto index = static_cast<uint32_t>(entries_.size());
  MonitorEntry& entry = entries_.emplace_back();
  sought_.emplace_back();
  entry.index = index;
  entry.uid = monitor.uid;
  entry.retired = monitor.retired;
  if (monitor.state.status.slot != SystemTime{}) {
    entry.last_slot = monitor.state.status.slot;
  }
  if (!monitor.brief.decides_alone || !entry.state.rest_in(monitor.state)) {
    entry.state.set(std::move(monitor.state));
  }
  define(entry, std::move(monitor.definition), std::move(monitor.brief));
  by_uid_.insert(index, hash_of(entry.uid),
                 [&](uint32_t other) { return hash_of(entries_[other].uid); });
  by_id_.insert(index, hash_of_id(index), [&](uint32_t other) { return hash_of_id(other); });
  return entry;
}

MonitorEntry& MonitorTable::add(MonitorUid uid, std::shared_ptr<const Monitor> definition,
                                MonitorState state, bool retired) {
  MonitorBrief brief = brief_of(*definition);
  return add({.uid = uid,
              .retired = retired,
              .definition = std::move(definition),
              .brief = std::move(brief),
              .state = std::move(state)});
}

void MonitorTable::redefine(MonitorEntry& entry, Monitor definition) {
  MonitorBrief brief = brief_of(definition);
  define(entry, std::make_shared<const Monitor>(std::move(definition)), std::move(brief));
}

void MonitorTable::define(MonitorEntry& entry, DefinitionCell definition, MonitorBrief brief) {
  entry.interval = brief.interval;
  entry.enabled = brief.enabled;
  entry.muted = brief.muted;
  entry.of_ui = brief.of_ui;
  entry.decides_alone = brief.decides_alone;
  entry.names_channels = brief.names_channels;
  sought_[entry.index] = std::move(brief.sought);
  if (!entry.decides_alone) {
    entry.state.edit();
  }
  entry.definition = std::move(definition);
}

MonitorEntry* MonitorTable::find(MonitorUid uid) {
  return const_cast<MonitorEntry*>(std::as_const(*this).find(uid));
}

const MonitorEntry* MonitorTable::find(MonitorUid uid) const {
  return at_or_null(
      by_uid_.find(hash_of(uid), [&](uint32_t index) { return entries_[index].uid == uid; }));
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
  const std::string folded = fold_case(std::string(id_or_uid));
  const auto found = [&](bool is_retired) {
    return at_or_null(by_id_.find(hash_of(folded), [&](uint32_t index) {
      const MonitorEntry& entry = entries_[index];
      return entry.retired == is_retired && id_sought(sought_[index]) == folded &&
             entry.definition->id == id_or_uid;
    }));
  };
  const MonitorEntry* const live = found(false);
  return live != nullptr ? live : found(true);
}

const MonitorEntry* MonitorTable::find_live(std::string_view id) const {
  const MonitorEntry* const found = find(id);
  return found == nullptr || found->retired || found->definition->id != id ? nullptr : found;
}

MonitorEntry* MonitorTable::find(std::string_view project, std::string_view id) {
  return const_cast<MonitorEntry*>(std::as_const(*this).find(project, id));
}

const MonitorEntry* MonitorTable::find(std::string_view project, std::string_view id) const {
  const std::string folded = fold_case(std::string(id));
  return at_or_null(by_id_.find(hash_of(folded), [&](uint32_t index) {
    if (id_sought(sought_[index]) != folded) {
      return false;  // most, without a look at their definitions
    }
    const Monitor& definition = *entries_[index].definition;
    return definition.project == project && definition.id == id;
  }));
}

const MonitorEntry* MonitorTable::find_other(const Target& target, MonitorUid except) const {
  const std::string sought = fold_case(target.text());
  const auto found = std::ranges::find_if(entries_, [&](const MonitorEntry& entry) {
    return !entry.retired && entry.uid != except && target_sought(sought_[entry.index]) == sought &&
           entry.definition->target == target;
  });
  return found == entries_.end() ? nullptr : &*found;
}

MonitorEntry* MonitorTable::find_open(const IncidentId& incident) {
  for (MonitorEntry& entry : entries_) {
    if (entry.incident && entry.incident->id == incident) {
      return &entry;
    }
  }
  return nullptr;
}

const ClosedIncident* MonitorTable::find_closed(const IncidentId& incident) const {
  const auto found =
      std::ranges::find_if(closed_, [&](const auto& each) { return each.second.id == incident; });
  return found == closed_.end() ? nullptr : &found->second;
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
