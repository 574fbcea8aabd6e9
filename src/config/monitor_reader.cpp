#include "config/monitor_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/one_line.h"
#include "config/assertion_reader.h"
#include "config/assign.h"
#include "config/policy_reader.h"
#include "config/request_reader.h"
#include "config/way_reader.h"
#include "model/preset.h"

namespace tocsin {
namespace {

// The list and, for the check that comes last, where each name stands.
void read_names(ReadContext& context, const YamlNode& node, const Field& field, NameUse::Kind kind,
                std::vector<std::string>& names) {
  std::optional<std::vector<std::string>> list = context.reader.text_list(node, field);
  if (!list) {
    return;
  }
  names = std::move(*list);
  for (size_t i = 0; i < names.size(); ++i) {
    context.uses.push_back({kind, names[i], context.reader.file(), node.children[i].mark});
  }
}

void read_preset(Reader& reader, const YamlNode& node, const Field& field, std::string& preset) {
  std::optional<std::string> id = reader.identifier(node, field);
  if (!id) {
    return;
  }
  if (find_preset(*id) == nullptr) {
    std::vector<std::string_view> known;
    for (const Preset& row : presets()) {
      known.push_back(row.id);
    }
    reader.value_error(node, {*id, has_reference(node)}, field.name,
                       fmt::format("there is no preset \"{}\"", *id), nearest_hint(*id, known));
    return;
  }
  preset = std::move(*id);
}

void read_line(Reader& reader, const YamlNode& node, const Field& field, std::string& line) {
  std::optional<std::string> text = reader.text(node, field);
  if (text && !is_one_line(*text)) {
    reader.error(node.mark, fmt::format("{} must be one line of text", field.name));
    return;
  }
  assign(line, std::move(text));
}

void read_tags(Reader& reader, const YamlNode& node, const Field& field,
               std::vector<std::string>& tags) {
  std::optional<std::vector<std::string>> list = reader.text_list(node, field);
  if (!list) {
    return;
  }
  for (size_t i = 0; i < list->size(); ++i) {
    if ((*list)[i].size() > kTagBytesMax) {
      reader.error(node.children[i].mark, fmt::format("a tag has at most {} bytes", kTagBytesMax));
    } else if (!is_one_line((*list)[i])) {
      reader.error(node.children[i].mark, "a tag must be one line of text");
    }
  }
  tags = std::move(*list);
}

void read_locations(Reader& reader, const YamlNode& node, const Field& field,
                    std::vector<std::string>& locations) {
  std::optional<std::vector<std::string>> list = reader.text_list(node, field);
  if (!list) {
    return;
  }
  for (size_t i = 0; i < list->size(); ++i) {
    if ((*list)[i] != "local") {
      const YamlNode& item = node.children[i];
      reader.value_error(
          item, {(*list)[i], has_reference(item)}, "location",
          fmt::format("there is no location \"{}\"", escape_for_display((*list)[i], 80)),
          "only \"local\" exists in this version");
    }
  }
  locations = std::move(*list);
}

void read_items(Reader& reader, const YamlNode& node, const Field& field,
                std::vector<ForEachItem>& items) {
  if (!reader.is_list(node, field)) {
    return;
  }
  for (const YamlNode& item : node.children) {
    if (std::optional<ResolvedText> value = reader.scalar(item, field.name)) {
      items.push_back({std::move(*value), &item});
    }
  }
}

template <class Enum>
void read_word(Reader& reader, const YamlNode& node, const Field& field,
               std::optional<Enum> (*from_name)(std::string_view), Enum& value) {
  if (const std::optional<std::string> word = reader.choice(node, field)) {
    const std::optional<Enum> known = from_name(*word);
    CHECK(known.has_value(), "every choice of the field table has an enumerator");
    value = *known;
  }
}

// Those of `defaults` stay, whatever of them the monitor still uses.
void keep_secrets(std::vector<std::string> secrets, Monitor& monitor) {
  for (std::string& secret : secrets) {
    if (std::ranges::find(monitor.secrets, secret) == monitor.secrets.end()) {
      monitor.secrets.push_back(std::move(secret));
    }
  }
}

struct Setter {
  std::string_view name;
  void (*set)(ReadContext& context, const YamlNode& node, const Field& field, Draft& draft);
};

using Context = ReadContext;
using Node = YamlNode;

// In the order of the field table; the parity test proves that none is missing.
constexpr std::array kSetters = {
    Setter{"name", [](Context& c, const Node& n, const Field& f,
                      Draft& d) { read_line(c.reader, n, f, d.monitor.name); }},
    Setter{"target", [](Context& c, const Node& n, const Field& f,
                        Draft& d) { d.target = c.reader.scalar(n, f.name); }},
    Setter{"host", [](Context& c, const Node& n, const Field& f,
                      Draft& d) { d.host = c.reader.text(n, f); }},
    Setter{"port",
           [](Context& c, const Node& n, const Field& f, Draft& d) {
             if (const auto port = c.reader.number(n, f)) {
               d.port = static_cast<uint16_t>(*port);
             }
           }},
    Setter{"preset", [](Context& c, const Node& n, const Field& f,
                        Draft& d) { read_preset(c.reader, n, f, d.monitor.preset); }},
    Setter{"for_each", [](Context& c, const Node& n, const Field& f,
                          Draft& d) { read_items(c.reader, n, f, d.items); }},
    Setter{"ip_family",
           [](Context& c, const Node& n, const Field& f, Draft& d) {
             read_word(c.reader, n, f, &ip_family_from_name, d.monitor.ip_family);
           }},
    Setter{"source", [](Context& c, const Node& n, const Field& f,
                        Draft& d) { assign(d.monitor.source, read_source(c.reader, n, f)); }},
    Setter{"resolver", [](Context& c, const Node& n, const Field& f,
                          Draft& d) { d.monitor.resolver = read_resolvers(c.reader, n, f); }},
    Setter{"proxy", [](Context& c, const Node& n, const Field& f,
                       Draft& d) { read_proxy(c.reader, n, f, d.monitor.proxy); }},
    Setter{"tls", [](Context& c, const Node& n, const Field& f,
                     Draft& d) { read_tls(c, n, f, d.monitor.tls); }},
    Setter{"request",
           [](Context& c, const Node& n, const Field& f, Draft& d) {
             c.reader.note_secrets();
             assign(d.monitor.request, read_request(c.reader, n, f));
             keep_secrets(c.reader.take_secrets(), d.monitor);
           }},
    Setter{"assert",
           [](Context& c, const Node& n, const Field& f, Draft& d) {
             c.reader.note_secrets();
             assign(d.monitor.assertions, read_assertions(c.reader, n, f));
             keep_secrets(c.reader.take_secrets(), d.monitor);
           }},
    Setter{"degraded_after",
           [](Context& c, const Node& n, const Field& f,
              Draft& d) { assign(d.monitor.degraded_after, c.reader.duration(n, f)); }},
    Setter{"fail_after", [](Context& c, const Node& n, const Field& f,
                            Draft& d) { assign(d.monitor.fail_after, c.reader.duration(n, f)); }},
    Setter{"timeout", [](Context& c, const Node& n, const Field& f,
                         Draft& d) { assign(d.monitor.timeout, c.reader.duration(n, f)); }},
    Setter{"expect",
           [](Context& c, const Node& n, const Field& f,
              Draft& d) { read_word(c.reader, n, f, &expectation_from_name, d.monitor.expect); }},
    Setter{"should_fail", [](Context& c, const Node& n, const Field& f,
                             Draft& d) { assign(d.monitor.should_fail, c.reader.boolean(n, f)); }},
    Setter{"interval", [](Context& c, const Node& n, const Field& f,
                          Draft& d) { assign(d.monitor.interval, c.reader.duration(n, f)); }},
    Setter{"locations", [](Context& c, const Node& n, const Field& f,
                           Draft& d) { read_locations(c.reader, n, f, d.monitor.locations); }},
    Setter{"strategy",
           [](Context& c, const Node& n, const Field& f,
              Draft& d) { read_word(c.reader, n, f, &strategy_from_name, d.monitor.strategy); }},
    Setter{"retry", [](Context& c, const Node& n, const Field& f,
                       Draft& d) { read_retry(c, n, f, d.monitor.retry); }},
    Setter{"alert", [](Context& c, const Node& n, const Field& f,
                       Draft& d) { read_alert(c, n, f, d.monitor.alert); }},
    Setter{"channels",
           [](Context& c, const Node& n, const Field& f,
              Draft& d) { read_names(c, n, f, NameUse::Kind::channel, d.monitor.channels); }},
    Setter{"tags", [](Context& c, const Node& n, const Field& f,
                      Draft& d) { read_tags(c.reader, n, f, d.monitor.tags); }},
    Setter{"group", [](Context& c, const Node& n, const Field& f,
                       Draft& d) { read_line(c.reader, n, f, d.monitor.group); }},
    Setter{"description", [](Context& c, const Node& n, const Field& f,
                             Draft& d) { assign(d.monitor.description, c.reader.text(n, f)); }},
    Setter{"runbook", [](Context& c, const Node& n, const Field& f,
                         Draft& d) { assign(d.monitor.runbook, c.reader.text(n, f)); }},
    Setter{"depends_on",
           [](Context& c, const Node& n, const Field& f,
              Draft& d) { read_names(c, n, f, NameUse::Kind::monitor, d.monitor.depends_on); }},
    Setter{"enabled", [](Context& c, const Node& n, const Field& f,
                         Draft& d) { assign(d.monitor.enabled, c.reader.boolean(n, f)); }},
    Setter{"muted", [](Context& c, const Node& n, const Field& f,
                       Draft& d) { assign(d.monitor.muted, c.reader.boolean(n, f)); }},
    Setter{"close",
           [](Context& c, const Node& n, const Field& f,
              Draft& d) { read_word(c.reader, n, f, &close_mode_from_name, d.monitor.close); }},
};

const Setter& setter_of(std::string_view name) {
  for (const Setter& setter : kSetters) {
    if (setter.name == name) {
      return setter;
    }
  }
  CHECK(false, "every row of monitor_fields has a setter");
}

}  // namespace

void read_monitor_fields(ReadContext& context, const YamlNode& node, bool only_defaults,
                         Draft& draft) {
  Reader& reader = context.reader;
  read_map(
      reader, node, monitor_fields(), draft.what, [&](const YamlNode& entry, const Field& field) {
        if (only_defaults && !field.in_defaults) {
          reader.error(entry.key_mark, fmt::format("{} cannot stand under defaults", field.name),
                       "write it in each monitor");
          return;
        }
        const size_t errors = reader.errors();
        setter_of(field.name).set(context, entry, field, draft);
        draft.written[field.name] = {&entry, errors == reader.errors()};
      });
}

}  // namespace tocsin
