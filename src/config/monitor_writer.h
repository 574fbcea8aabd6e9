// The definition of a monitor as one would write it: only what differs from the defaults, in the
// order of the field table, its target always. read(write(m)) is the same definition; a property
// test holds it to that.
#pragma once

#include "config/written_value.h"
#include "model/monitor.h"

namespace tocsin {

// Bytes to send may hold a password that came from a reference of a file: `hide` writes their
// number in their place ({hidden: 6}), which nothing reads back.
enum class SentBytes : uint8_t { show, hide };

// A map; the id is the key it would stand under.
WrittenValue write_definition(const Monitor& monitor, SentBytes sent);

// For the parity test: whether the writer knows a row of the field table. The target stands for
// host and port, and for_each is written out.
bool is_written_field(std::string_view name);

}  // namespace tocsin
