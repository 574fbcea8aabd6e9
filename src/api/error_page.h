// GET /docs/errors: each error with what it means and what to try, made from the error table. The
// server carries it itself, so that the links to it (docs/errors#timeout) lead somewhere without
// the internet, in builds without web pages too. Pure.
#pragma once

#include <string>

namespace tocsin {

// HTML without script; each error stands under its name as an anchor.
std::string error_page();
// Content-Security-Policy of it: no script, no style but its own.
std::string error_page_policy();

}  // namespace tocsin
