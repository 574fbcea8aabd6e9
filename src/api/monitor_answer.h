// What the handlers that change or steer monitors share: finding the monitor that is meant,
// refusing what may not be done to it, and answering with the monitor as it is then. The finders
// run on the engine's loop.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/services.h"
#include "config/monitor_writer.h"

namespace tocsin {

// 404 for one that was removed, too: the detail says how it comes back.
std::expected<MonitorView, Problem> find_monitor(Engine& engine, std::string_view id);
// The header If-Match (RFC 9110 13.1.1); nothing when it was not sent. One without a word names no
// revision: a script whose variable is empty is told, not obeyed.
using IfMatch = std::optional<std::string>;
IfMatch if_match_of(const ApiRequest& request);
// Whether it lets `revision` pass: absent, "*" or one of a list, compared strongly.
bool matches_revision(const IfMatch& if_match, std::string_view revision);
// 409 owned_by_project for one of a project; 412 when `if_match` does not let its revision pass.
std::expected<MonitorView, Problem> find_own_monitor(Engine& engine, std::string_view id,
                                                     const IfMatch& if_match);

Problem id_taken(std::string_view id);
Problem unknown_names(const std::vector<NameProblem>& problems);

// With ETag; 201 with Location too.
ApiResponse monitor_answer(const MonitorView& view, int status, SentBytes own = SentBytes::show);
// Who may only read does not see what monitors send: it may be a password.
SentBytes sent_bytes_for(const Caller& caller);
// Answers `asker` on the API's thread when a command is done.
MonitorDone answer_when_done(ApiContext& api, const Asker& asker, int status);
// The same for any answer known on the engine's loop.
void answer_from_loop(ApiContext& api, const Asker& asker, ApiResponse response);

}  // namespace tocsin
