#include "api/http_head.h"

#include <gtest/gtest.h>

#include <vector>

namespace tocsin {
namespace {

constexpr size_t kMax = 16384;

std::string refusal(const std::string& head) {
  const HeadScan scan = scan_head(head, kMax);
  if (scan.state == HeadScan::State::refused) {
    return scan.reason;
  }
  if (scan.state == HeadScan::State::need_more) {
    return "need more";
  }
  return judge_head(std::string_view(head).substr(0, scan.bytes)).refused;
}

std::string with_lines(const std::string& lines) {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

TEST(HttpHead, AcceptsWhatClientsSend) {
  for (const std::string& head :
       {std::string("GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n"),
        std::string("GET /a?b=%20 HTTP/1.0\r\n\r\n"), with_lines("Content-Length: 5\r\n"),
        with_lines("Transfer-Encoding: Chunked\r\n"), with_lines("Accept:\t*/* \r\nX-Empty:\r\n"),
        with_lines("X-Name: caf\xc3\xa9\r\n"),
        with_lines("Expect: 100-continue\r\nContent-Length: 5\r\n")}) {
    EXPECT_EQ(refusal(head), "") << head;
  }
}

TEST(HttpHead, TellsHowTheBodyIsFramed) {
  const std::string head = with_lines("Content-Length: 500\r\nExpect: 100-continue\r\n");
  const HeadJudgement judged = judge_head(head);
  EXPECT_EQ(judged.facts.content_length, 500u);
  EXPECT_TRUE(judged.facts.expects_continue);
  EXPECT_FALSE(judged.facts.is_chunked);
  EXPECT_TRUE(judge_head(with_lines("Transfer-Encoding: chunked\r\n")).facts.is_chunked);
}

// The body and the next request behind the head are not looked at.
TEST(HttpHead, FindsTheEndOfTheHead) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const HeadScan scan = scan_head(head + "\n\x01\xff", kMax);
  EXPECT_EQ(scan.state, HeadScan::State::complete);
  EXPECT_EQ(scan.bytes, head.size());
}

// Cut at any byte, a good head is never refused, only awaited.
TEST(HttpHead, EveryBeginningOfAGoodHeadNeedsMore) {
  const std::string head = with_lines("Content-Length: 5\r\nAccept: */*\r\n");
  for (size_t length = 0; length < head.size(); ++length) {
    EXPECT_EQ(scan_head(std::string_view(head).substr(0, length), kMax).state,
              HeadScan::State::need_more)
        << length;
  }
}

// Request smuggling lives where two readers differ: each of these is refused, none repaired.
TEST(HttpHead, RefusesEveryAmbiguousFraming) {
  for (const char* lines : {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                            "Content-Length: 5\r\nContent-Length: 5\r\n",
                            "Content-Length: 5\r\nContent-Length: 6\r\n",
                            "Content-Length: 5, 5\r\n",
                            "Content-Length: -1\r\n",
                            "Content-Length: +5\r\n",
                            "Content-Length: 0x5\r\n",
                            "Content-Length: 5 5\r\n",
                            "Content-Length:\r\n",
                            "Content-Length: 99999999999999999999\r\n",
                            "Content-Length: 5;x\r\n",
                            "Transfer-Encoding: gzip\r\n",
                            "Transfer-Encoding: gzip, chunked\r\n",
                            "Transfer-Encoding: chunked, chunked\r\n",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: xchunked\r\n",
                            "Transfer-Encoding:\r\n",
                            "Transfer-Encoding: \"chunked\"\r\n",
                            "Transfer-Encoding : chunked\r\n",
                            "Content-Length : 5\r\n",
                            " Content-Length: 5\r\n",
                            "X: a\r\n folded\r\n",
                            "X: a\r\n\tfolded\r\n",
                            ": no name\r\n",
                            "no colon\r\n",
                            "X\x7f: a\r\n",
                            "X: a\x01\r\n",
                            "X(y): a\r\n",
                            "X y: a\r\n",
                            "Host: b\r\n",
                            "Expect: the-impossible\r\n"}) {
    EXPECT_NE(refusal(with_lines(lines)), "") << lines;
  }
}

TEST(HttpHead, RefusesBadRequestLines) {
  for (const char* line :
       {"GET  / HTTP/1.1", "GET /", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET / HTTP/2.0",
        "GET / HTTP/1.2", "GET / http/1.1", "GET / HTTP/1.10", "G(T / HTTP/1.1",
        "GET http://a/ HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /\t HTTP/1.1",
        "GET /\xc3\xa9 HTTP/1.1", "/ HTTP/1.1", "GET /a b HTTP/1.1", ""}) {
    EXPECT_NE(refusal(std::string(line) + "\r\nHost: a\r\n\r\n"), "") << line;
  }
}

TEST(HttpHead, RefusesBareLineEndsAndForeignProtocolsAtOnce) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\n"), "a line ends in LF without CR");
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\n\r\n"), "a line ends in LF without CR");
  EXPECT_EQ(refusal("GET / HTTP/1.1\rHost"), "a CR stands alone");
  EXPECT_EQ(refusal("\r\nGET / HTTP/1.1\r\n"), "this is not HTTP");
  EXPECT_EQ(refusal("\x16\x03\x01\x02"), "this is not HTTP");
  EXPECT_EQ(refusal(std::string("GET /\0", 6)), "the head holds control characters");
}

TEST(HttpHead, NeedsExactlyOneHost) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), "there must be exactly one Host header");
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"),
            "there must be exactly one Host header");
}

// Which of two would count, we and a proxy before us may see differently.
TEST(HttpHead, RefusesTwoOfWhatMayStandOnce) {
  EXPECT_EQ(refusal(with_lines("Authorization: Bearer a\r\nauthorization: Bearer b\r\n")),
            "there is more than one Authorization header");
  EXPECT_EQ(refusal(with_lines("Content-Type: text/plain\r\nContent-type: application/json\r\n")),
            "there is more than one Content-Type header");
}

TEST(HttpHead, IsBoundedInBytesAndLines) {
  EXPECT_EQ(refusal("GET /" + std::string(kMax, 'a')), "the head is larger than 16384 bytes");
  std::string lines;
  for (size_t i = 0; i < kHttpFieldsMax - 1; ++i) {
    lines += "X: 1\r\n";
  }
  EXPECT_EQ(refusal(with_lines(lines)), "");
  EXPECT_EQ(refusal(with_lines(lines + "X: 1\r\n")), "there are too many header lines");
}

}  // namespace
}  // namespace tocsin
