#include "log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "api/json_writer.h"
#include "cli/shown_text.h"

namespace tocsin {
namespace {

constexpr size_t kValueBytesMax = 2000;  // one event stays one readable line

// `"a b"`, as logfmt has it: quoted when it must be, and then with `"` and `\` escaped, so that a
// text from outside cannot pass for fields of ours.
std::string text_value(const std::string& value) {
  std::string safe = cli::shown_text(value, kValueBytesMax);
  if (!safe.empty() && safe.find_first_of(" \"=") == std::string::npos) {
    return safe;
  }
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

Log::Log(bool as_json)
    : as_json_(as_json),
      logger_(std::make_shared<spdlog::logger>("tocsin",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  // In JSON the line brings its own braces; time and level are put in front of its fields.
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
              : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
      spdlog::pattern_time_type::utc));
}

Log::~Log() = default;

std::string Log::line(bool as_json, std::string_view event,
                      std::initializer_list<LogField> fields) {
  if (!as_json) {
    std::string text(event);
    for (const LogField& field : fields) {
      text += " " + std::string(field.name) + "=" + text_value(field.value);
    }
    return text;
  }
  JsonWriter json;
  json.begin_object().field("event", event);
  for (const LogField& field : fields) {
    json.field(field.name, cli::shown_text(field.value, kValueBytesMax));
  }
  json.end_object();
  const std::string object = json.take();
  return object.substr(1, object.size() - 2);
}

void Log::info(std::string_view event, std::initializer_list<LogField> fields) const {
  logger_->info("{}", line(as_json_, event, fields));
}

void Log::warning(std::string_view event, std::initializer_list<LogField> fields) const {
  logger_->warn("{}", line(as_json_, event, fields));
}

void Log::error(std::string_view event, std::initializer_list<LogField> fields) const {
  logger_->error("{}", line(as_json_, event, fields));
}

}  // namespace tocsin
