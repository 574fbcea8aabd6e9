// What an ICMP message said about a connection: the kernel keeps it in the socket's error queue
// (ip(7), IP_RECVERR), and errno alone tells neither who sent it nor whether it was "forbidden" or
// "not there".
#pragma once

#include <optional>

#include "ports/probe_io.h"

namespace tocsin {

// Takes the oldest ICMP notice out of the queue of `fd`; nothing when there is none.
std::optional<IcmpNotice> read_icmp_notice(int fd);

}  // namespace tocsin
