// Secrets of a monitor: what references (${env:X}, ${file:/p}) stand for in its request and
// assertions. They are sent and awaited, and shown nowhere: what an attempt keeps has *** in their
// place, also where the server sent them back, and in hex or base64.
//
// Masked are the bytes themselves, their hex in either case, their base64 with and without padding
// or within that of more bytes, and their escaped form; a beginning of one of these at the very end
// of a text, where it may have been cut. What is shorter than kSecretBytesMin is no secret: each
// "a" of an answer would go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/monitor.h"
#include "model/verdict.h"

namespace tocsin {

inline constexpr size_t kSecretBytesMin = 4;
inline constexpr std::string_view kSecretMask = "***";

class Secrets {
 public:
  explicit Secrets(const std::vector<std::string>& values);

  [[nodiscard]] bool empty() const { return forms_.empty(); }
  [[nodiscard]] std::string masked(std::string_view bytes) const;
  // The same of one stream in pieces: a secret that lies across pieces is masked in the first.
  void mask(const std::vector<std::string*>& pieces) const;

 private:
  struct Range {
    size_t begin = 0, end = 0;
  };
  [[nodiscard]] std::vector<Range> find(std::string_view bytes) const;

  struct Form {
    std::string text;
    size_t before = 0, after = 0;  // characters beside it that hold bits of the secret
    auto operator<=>(const Form&) const = default;
  };
  static void add_forms(const std::string& value, std::vector<Form>& forms);

  std::vector<Form> forms_;
};

// What is awaited, to be shown; sent bytes stay.
Step masked_step(const Step& step, const Secrets& secrets);

// Masks all that an attempt keeps: bytes, transcript, error, reason, values of assertions. For
// core/judge.h: after it was judged, as what is asserted may be about a secret.
void mask_secrets(const Monitor& monitor, Attempt& attempt);

}  // namespace tocsin
