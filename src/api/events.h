// The live events of one server, put together: what ApiServer gives its context.
#pragma once

#include <memory>

#include "api/event_desk.h"
#include "api/services.h"

namespace tocsin {

// `api` and `feed` outlive every client.
std::shared_ptr<EventDesk> make_event_desk(ApiContext& api, ChangeFeed& feed);

}  // namespace tocsin
