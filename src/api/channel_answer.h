// What the handlers of channels share: who may change which, and the answers.
#pragma once

#include <optional>
#include <string_view>

#include "api/monitor_answer.h"
#include "api/services.h"

namespace tocsin {

Problem no_channel();

// With ETag; 201 with Location too.
ApiResponse channel_answer(const ChannelView& view, int status);

// Why this channel cannot be changed: 409 owned_by_project for one of the files; 412 when
// `if_match` does not let its revision pass.
std::optional<Problem> refuse_channel_change(const ChannelView& view, const IfMatch& if_match);

// The desk's refusal as an answer.
Problem channel_problem(const Error& error);

// On the loop: stores `channel` over its version `seen` and answers with it as it is then; with 201
// when it is new, which `seen` 0 says.
void save_channel(ApiContext& api, const Asker& asker, Engine& engine, const Channel& channel,
                  uint32_t seen);

}  // namespace tocsin
