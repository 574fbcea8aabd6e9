// Log: one line per event on standard error, as text for people or as JSON for collectors. Values
// are made safe to show; secrets never come here. spdlog is known to its source only.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "ports/journal.h"

namespace spdlog {
class logger;
}

namespace tocsin {

using LogField = JournalField;

class Log final : public Journal {
 public:
  explicit Log(bool as_json);
  ~Log() override;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // `event` is a few plain words, the same for every event of its kind. From any thread.
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) const override;
  void warning(std::string_view event, std::initializer_list<LogField> fields = {}) const override;
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) const;

  // One line without time and level. Pure.
  static std::string line(bool as_json, std::string_view event,
                          std::initializer_list<LogField> fields);

 private:
  bool as_json_;
  std::shared_ptr<spdlog::logger>
      logger_;  // shared with spdlog's own registry rules; nobody else holds it
};

}  // namespace tocsin
