#include "probe/dns_message.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace tocsin {
namespace {

// NXDOMAIN for "x.example": one question, one SOA of TTL 600 and MINIMUM 17 in the authority
// section.
const char* const kNegative =
    "1234 8183 0001 0000 0001 0000"
    "01 78 07 6578616d706c65 00 0001 0001"
    "c00e 0006 0001 00000258 001c"
    "01 61 c00e 01 62 c00e 00000001 00000e10 00000258 00015180 00000011";

std::string message(std::string_view hex) { return *from_hex(hex); }

TEST(NegativeTtl, IsTheSmallerOfTtlAndMinimum) {
  EXPECT_EQ(negative_ttl(message(kNegative)), 17s);
  std::string shorter = message(kNegative);
  shorter[shorter.find(message("00000258")) + 3] = 5;
  shorter[shorter.find(message("00000205")) + 2] = 0;
  EXPECT_EQ(negative_ttl(shorter), 5s);
}

// A cut or lying message gives nothing, wherever it is cut.
TEST(NegativeTtl, CutAtEveryByte) {
  const std::string whole = message(kNegative);
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(negative_ttl(std::string_view(whole).substr(0, size)), std::nullopt) << size;
  }
}

TEST(NegativeTtl, NothingWithoutASoaInTheAuthoritySection) {
  EXPECT_EQ(negative_ttl(message("1234 8183 0001 0000 0000 0000 0178 00 0001 0001")), std::nullopt);
  std::string as_answer = message(kNegative);
  std::swap(as_answer[7], as_answer[9]);
  EXPECT_EQ(negative_ttl(as_answer), std::nullopt);
  EXPECT_EQ(negative_ttl(std::string(512, '\xff')), std::nullopt);
}

}  // namespace
}  // namespace tocsin
