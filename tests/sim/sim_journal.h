// SimJournal: keeps what the server wrote into its log.
#pragma once

#include <string>
#include <vector>

#include "ports/journal.h"

namespace tocsin::sim {

class SimJournal final : public Journal {
 public:
  void info(std::string_view event, std::initializer_list<JournalField> fields) const override {
    add(event, fields);
  }
  void warning(std::string_view event, std::initializer_list<JournalField> fields) const override {
    add(event, fields);
  }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  void add(std::string_view event, std::initializer_list<JournalField> fields) const {
    std::string line(event);
    for (const JournalField& field : fields) {
      line += field.value.empty() ? "" : " " + std::string(field.name) + "=" + field.value;
    }
    lines_.push_back(std::move(line));
  }
  mutable std::vector<std::string>
      lines_;  // the interface is const: writing a log changes nothing of ours
};

}  // namespace tocsin::sim
