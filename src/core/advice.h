// What is allowed and perhaps not meant: told beside a definition, never in its way. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/monitor.h"

namespace tocsin {

struct Advice {
  std::string field;  // of the definition
  std::string message;
};

// In the order of the field table.
std::vector<Advice> advise(const Monitor& monitor);

// What the monitor will do, in plain words: "Connects to db:5432 every 10s, sends 6 bytes and
// checks 2 assertions; an attempt takes at most 5s. Tells ops after 2 bad runs in a row."
std::string monitor_sentence(const Monitor& monitor);

}  // namespace tocsin
