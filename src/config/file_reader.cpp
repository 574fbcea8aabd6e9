#include "config/file_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "config/channel_reader.h"
#include "config/monitor_check.h"
#include "config/monitor_reader.h"
#include "config/other_fields.h"
#include "config/supported.h"
#include "config/targets.h"
#include "config/way_reader.h"

namespace tocsin {
namespace {

bool is_later(std::string_view key) { return std::ranges::count(later_sections(), key) > 0; }

std::string place_text(const Reader& reader, TextMark mark) {
  return fmt::format("{}:{}", reader.file_name(), mark.line);
}

}  // namespace

void FileReader::read_project_and_defaults(size_t file, const YamlNode& root) {
  Reader reader(file, problems_, references_);
  const YamlNode* node = root.find("project");
  if (node == nullptr) {
    return;
  }
  std::optional<ProjectName> project = read_project(reader, *node);
  if (!project) {
    return;
  }
  if (project_) {
    if (*project != *project_) {
      reader.error(node->key_mark, fmt::format("another project is named in {}", project_where_),
                   "write project in one file only");
    }
    return;
  }
  project_ = std::move(project);
  project_where_ = place_text(reader, node->key_mark);
  project_file_ = file;
  config_.project_id = project_->id;
  config_.project_name = project_->name;
  project_defaults_ = defaults_of(file, root).monitor;
}

Draft FileReader::defaults_of(size_t file, const YamlNode& root) {
  Draft draft;
  draft.monitor = project_defaults_;
  const YamlNode* node = root.find("defaults");
  if (node == nullptr) {
    return draft;
  }
  Reader reader(file, problems_, references_);
  ReadContext context{reader, uses_};
  draft.mark = node->key_mark;
  draft.what = "defaults";
  read_monitor_fields(context, *node, true, draft);
  return draft;
}

void FileReader::read_rest(size_t file, const YamlNode& root) {
  Reader reader(file, problems_, references_);
  if (root.kind == YamlNode::Kind::null) {
    return;
  }
  const Monitor defaults =
      project_file_ == file ? project_defaults_ : defaults_of(file, root).monitor;
  if (root.kind != YamlNode::Kind::map) {
    reader.error(root.mark, "the file must be a map, with monitors: as one of its keys",
                 "for example monitors: { redis: { target: \"127.0.0.1:6379\" } }");
    return;
  }
  for (const YamlNode& entry : root.children) {
    const Field* field = find_field(root_fields(), entry.key);
    if (field == nullptr && is_later(entry.key)) {
      reader.error(entry.key_mark, fmt::format("{} is not available in this version", entry.key));
    } else if (field == nullptr) {
      reader.unknown_key(entry, root_fields(), "the file");
    } else if (field->name == "version") {
      static_cast<void>(reader.number(entry, *field));
    } else if (field->name == "server") {
      merge_server(reader, entry);
    } else if (field->name == "channels" && entry.kind != YamlNode::Kind::null) {
      read_channels(reader, entry);
    } else if (field->name == "monitors" && entry.kind != YamlNode::Kind::null) {
      names_monitors_ = true;
      read_monitors(reader, entry, defaults);
    }
  }
}

void FileReader::merge_server(Reader& reader, const YamlNode& node) {
  std::optional<ServerSettings> server = read_server(reader, node);
  if (!server) {
    return;
  }
  if (server_ && *server != *server_) {
    reader.error(node.key_mark, fmt::format("other server settings stand in {}", server_where_),
                 "write server in one file only");
    return;
  }
  server_where_ = place_text(reader, node.key_mark);
  config_.server = *server;
  server_ = std::move(server);
}

void FileReader::read_channels(Reader& reader, const YamlNode& node) {
  if (!reader.is_map(node, "channels")) {
    return;
  }
  for (const YamlNode& entry : node.children) {
    const auto known = channel_where_.find(entry.key);
    if (known != channel_where_.end()) {
      reader.error(entry.key_mark,
                   fmt::format("channel \"{}\" is already defined in {}",
                               escape_for_display(entry.key, 80), known->second),
                   "give one of them another id");
      continue;
    }
    channel_where_.emplace(entry.key, place_text(reader, entry.key_mark));
    std::optional<Channel> channel = read_channel(reader, entry);
    if (channel) {
      channel->project = config_.project_id;
    }
    // A broken one is kept by its name, so that its users are not told of an unknown channel too.
    config_.channels.emplace(entry.key, channel ? std::move(*channel) : Channel{.id = entry.key});
  }
}

void FileReader::read_monitors(Reader& reader, const YamlNode& node, const Monitor& defaults) {
  if (!reader.is_map(node, "monitors")) {
    return;
  }
  for (const YamlNode& entry : node.children) {
    read_monitor(reader, entry, defaults);
  }
}

void FileReader::read_monitor(Reader& reader, const YamlNode& entry, const Monitor& defaults) {
  const size_t errors = reader.errors();
  if (std::optional<std::string> wrong = wrong_identifier(entry.key)) {
    reader.error(entry.key_mark, std::move(*wrong));
  }
  Draft draft;
  draft.monitor = defaults;
  draft.mark = entry.key_mark;
  draft.what = fmt::format("monitor \"{}\"", escape_for_display(entry.key, 80));
  draft.monitor.project = config_.project_id;
  draft.monitor.id = entry.key;
  draft.monitor.name = entry.key;
  draft.monitor.origin = {reader.file_name(), entry.key_mark.line};
  ReadContext context{reader, uses_};
  read_monitor_fields(context, entry, false, draft);
  if (entry.kind != YamlNode::Kind::map) {
    return;
  }
  draft.monitor.ip_family_written = draft.has("ip_family");
  check_fields_together(reader, draft);
  std::vector<Monitor> monitors = expand(reader, draft);
  if (monitors.empty() && errors != reader.errors()) {
    monitors.push_back(
        draft.monitor);  // keeps the id known for depends_on; the reading has failed anyway
  }
  for (Monitor& monitor : monitors) {
    check_family(reader, draft, monitor);
    if (monitor.target.literal() && !monitor.ip_family_written) {
      monitor.ip_family =
          monitor.target.literal()->family == Family::v6 ? IpFamily::ipv6 : IpFamily::ipv4;
    }
    check_way(reader, draft, monitor);
    add_monitor(reader, std::move(monitor), entry.key_mark);
  }
}

void FileReader::add_monitor(Reader& reader, Monitor monitor, TextMark mark) {
  if (config_.monitors.size() == kMonitorsMax) {
    if (!too_many_told_) {
      reader.error(mark, fmt::format("the files have more than {} monitors", kMonitorsMax));
    }
    too_many_told_ = true;
    return;
  }
  const auto [known, is_new] = monitor_where_.emplace(monitor.id, place_text(reader, mark));
  if (!is_new) {
    reader.error(mark,
                 fmt::format("monitor \"{}\" is already defined in {}",
                             escape_for_display(monitor.id, 80), known->second),
                 "give one of them another id");
    return;
  }
  places_.push_back({reader.file(), mark});
  config_.monitors.push_back(std::move(monitor));
}

}  // namespace tocsin
