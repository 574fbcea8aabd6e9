// Server-sent events (WHATWG HTML 9.2), the writing half: one event as the bytes a browser's
// EventSource reads. Format page: docs/formats/events.md.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

inline constexpr std::string_view kEventStreamType = "text/event-stream";

// "event: NAME\nid: ID\ndata: DATA\n\n"; without the line `id` when that is empty. Line ends in
// `data` begin a new line of data; `name` and `id` are ours and have none.
std::string sse_event(std::string_view name, std::string_view id, std::string_view data);

// Moves the point from which a client asks again, without an event.
std::string sse_point(std::string_view id);

// A line nobody reads, which keeps the connection and what lies between awake.
inline constexpr std::string_view kSseHeartbeat = ": still here\n";

}  // namespace tocsin
