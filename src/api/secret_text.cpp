#include "api/secret_text.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace tocsin {

std::string base64url(std::string_view bytes) {
  std::string text = to_base64(bytes);
  while (!text.empty() && text.back() == '=') {
    text.pop_back();
  }
  for (char& c : text) {
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  }
  return text;
}

Result<std::string> make_secret_text() {
  std::array<unsigned char, kSecretBytes> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return fail(ErrorKind::unavailable, "The system has no random bytes to make a secret from.");
  }
  std::string bytes(random.begin(), random.end());
  std::string text = base64url(bytes);
  OPENSSL_cleanse(random.data(), random.size());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return text;
}

bool is_secret_text(std::string_view text) {
  return text.size() == kSecretTextCharacters && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_';
         });
}

}  // namespace tocsin
