#include "cli/monitor_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/shown_text.h"
#include "model/status.h"

namespace tocsin::cli {
namespace {

using Json = nlohmann::json;

constexpr size_t kReasonWidth = 80;

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string()
             ? shown_text(found->get_ref<const std::string&>(), 500)
             : std::string();
}

MonitorTableRow row_of(const Json& monitor) {
  MonitorTableRow row{.status = text_of(monitor, "status"),
                      .id = text_of(monitor, "id"),
                      .target = text_of(monitor, "target")};
  if (const auto since = parse_rfc3339(text_of(monitor, "since"))) {
    row.since = *since;
  }
  if (const auto error = monitor.find("error"); error != monitor.end() && error->is_object()) {
    row.reason = text_of(*error, "message");
  }
  if (const auto last = monitor.find("last_result"); last != monitor.end() && last->is_object()) {
    const auto time = last->find("response_time_us");
    if (time != last->end() && time->is_number_integer()) {
      row.response_time = Duration(time->get<int64_t>());
    }
    // Our own trouble is no error of the monitor; at first it is not yet `unknown` for it.
    if (row.reason.empty() && text_of(*last, "verdict") == "unknown" &&
        (row.status == "unknown" || row.status == "pending")) {
      row.reason = text_of(*last, "reason");
    }
  }
  return row;
}

Tone tone_of(std::string_view status) {
  const auto kind = status_from_name(status);
  if (!kind) {
    return Tone::dim;
  }
  switch (*kind) {
    case StatusKind::up:
      return Tone::good;
    case StatusKind::down:
      return Tone::bad;
    case StatusKind::degraded:
    case StatusKind::unknown:
      return Tone::warning;
    case StatusKind::pending:
    case StatusKind::paused:
      return Tone::dim;
  }
  return Tone::dim;
}

using Cells = std::array<std::string, 6>;

Cells cells_of(const MonitorTableRow& row, SystemTime now) {
  const bool current = row.status == "up" || row.status == "degraded";
  return {row.status,
          row.id,
          row.target,
          current && row.response_time ? human_duration(*row.response_time) : "-",
          row.since ? human_duration(std::max(now - *row.since, Duration{})) : "-",
          row.reason.size() > kReasonWidth ? shown_text(row.reason, kReasonWidth) : row.reason};
}

}  // namespace

Result<MonitorPage> read_monitor_page(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  const auto data = json.is_object() ? json.find("data") : json.end();
  if (!json.is_object() || data == json.end() || !data->is_array()) {
    return fail(ErrorKind::unavailable,
                "the answer is not a list of monitors; is this a Tocsin server?");
  }
  MonitorPage page{.next_cursor = text_of(json, "next_cursor")};
  for (const Json& monitor : *data) {
    if (monitor.is_object()) {
      page.rows.push_back(row_of(monitor));
      page.json.push_back(dump_json(monitor));
    }
  }
  return page;
}

std::string monitor_table(const std::vector<MonitorTableRow>& rows, bool filtered, SystemTime now,
                          const Style& style) {
  if (rows.empty()) {
    return filtered ? "No monitor matches.\n"
                    : "No monitors yet: add one to the configuration and reload.\n";
  }
  std::vector<Cells> lines = {{"STATUS", "ID", "TARGET", "TIME", "SINCE", "REASON"}};
  for (const MonitorTableRow& row : rows) {
    lines.push_back(cells_of(row, now));
  }
  std::array<size_t, 6> widths{};
  for (const Cells& cells : lines) {
    for (size_t column = 0; column < cells.size(); ++column) {
      widths[column] = std::max(widths[column], display_width(cells[column]));
    }
  }
  std::string text;
  for (size_t line = 0; line < lines.size(); ++line) {
    std::string shown;
    for (size_t column = 0; column < widths.size(); ++column) {
      std::string cell = pad_right(lines[line][column], widths[column]);
      if (line == 0) {
        cell = paint(style, Tone::strong, cell);
      } else if (column == 0) {
        cell = paint(style, tone_of(lines[line][0]), cell);
      }
      shown += (column == 0 ? "" : "  ") + cell;
    }
    shown.erase(shown.find_last_not_of(' ') + 1);
    text += shown + "\n";
  }
  return text;
}

}  // namespace tocsin::cli
