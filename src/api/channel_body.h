// A channel in the body of a request: the fields of a configuration file, read by the code that
// reads the files. Secrets come in here and leave by no answer; messages never show one. Pure.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "api/json_body.h"
#include "model/channel.h"

namespace tocsin {

// One whole definition under `id`, which must be a good one. `body` may not hold "id".
std::expected<Channel, Problem> read_channel_body(const BodyValue& body, const std::string& id);

// Whether `before` has its secrets, or lost them with their key.
enum class KeptSecrets : uint8_t { here, lost };

// `before` with the changes of a JSON Merge Patch: what is absent stays, secrets included. When a
// webhook gets another URL, its signing secret and headers must be in the patch (a host may be
// shared: the path says who is spoken to); when mail goes to another host or port, or is protected
// in another way, its password must. Else whoever may change a channel could have its secrets sent
// to a place of their own. Lost ones must be in the patch whatever it changes.
std::expected<Channel, Problem> patch_channel_body(const Channel& before, const BodyValue& patch,
                                                   KeptSecrets kept = KeptSecrets::here);

// The definition of a POST, which brings its id along; all that is wrong with either at once.
std::expected<Channel, Problem> read_new_channel(BodyValue body);
// The id of a POST: its "id", or made from its name; then `body` is the definition without it.
std::expected<std::string, Problem> take_channel_id(BodyValue& body);

// "https://host:port" of a webhook's URL: no user, no path.
std::string url_origin(const Secret& url);

}  // namespace tocsin
