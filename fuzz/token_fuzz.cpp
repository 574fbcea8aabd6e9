// Tokens and the Authorization header. Property: only what token_text writes is a token, and only
// the stored one is let in.
#include <algorithm>
#include <cstring>

#include "api/auth.h"
#include "api/token.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::array<uint8_t, 32> random{};
  std::memcpy(random.data(), data, std::min(size, random.size()));
  const std::string token = tocsin::token_text(random);
  CHECK(tocsin::is_token_text(token), "what we write is a token");
  CHECK(!tocsin::is_token_text(text) || text.size() == tocsin::kTokenBytes, "tokens have one size");

  const std::string hash = tocsin::token_hash(token);
  tocsin::Authenticator tokens;
  tokens.set_tokens({{.id = tocsin::token_id(hash), .hash = hash, .scope = "read", .name = "one"}});
  CHECK(tokens.identify({.headers = {{"authorization", "Bearer " + token}}}, {}).has_value(),
        "the stored token is let in");
  const auto caller = tokens.identify({.headers = {{"authorization", text}}}, {});
  const bool has_credentials = caller && caller->scope != tocsin::Scope::none;
  CHECK(!has_credentials || text.ends_with(token), "nothing else is");
  return 0;
}
