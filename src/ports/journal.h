// Journal: the log as the loop sees it. One line for each event that somebody reads at three in the
// morning: an incident opened or closed, a delivery that failed, the store in trouble. Never a
// secret, never per check.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace tocsin {

struct JournalField {
  std::string_view name;
  std::string value;
};

class Journal {
 public:
  virtual ~Journal() = default;
  // `event` is a few plain words, the same for every event of its kind.
  virtual void info(std::string_view event, std::initializer_list<JournalField> fields) const = 0;
  virtual void warning(std::string_view event,
                       std::initializer_list<JournalField> fields) const = 0;
};

}  // namespace tocsin
