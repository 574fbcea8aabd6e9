// Whether what we print is kept in a log for others to read.
#pragma once

#include <optional>
#include <string>

namespace tocsin {

// True when the descriptor is the stream to the journal that systemd names in $JOURNAL_STREAM
// (systemd.exec(5)); programs started from a service inherit the variable, so it alone says little.
bool is_journal_stream(int fd, const std::optional<std::string>& journal_stream);

}  // namespace tocsin
