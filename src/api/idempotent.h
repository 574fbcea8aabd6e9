// The header Idempotency-Key, for every POST: the one place where a request that is sent again is
// given its first answer in place of acting again.
#pragma once

#include "api/router.h"

namespace tocsin {

// Runs the handler of `route`, or answers from memory with Idempotency-Replayed: true; 409 while
// the first still runs; 422 for a key that came with another request or is none. Callers without
// credentials have no keys: nobody could tell them apart.
void run_once(ApiContext& api, const Route& route, const ApiRequest& request,
              const Respond& respond);

}  // namespace tocsin
