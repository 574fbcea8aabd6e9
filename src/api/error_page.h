// GET /docs/errors: each error with what it means and what to try, made from the error table. The
// server carries it itself, so that the links to it (docs/errors#timeout) lead somewhere without
// the internet, in builds without web pages too. Pure.
#pragma once

#include <string>

namespace tocsin {

// HTML without script and style; each error stands under its name as an anchor.
std::string error_page();

}  // namespace tocsin
