#include "api/pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tocsin {
// src/api/sample_pages, embedded by the same step that embeds the product's (tests.cmake).
std::span<const EmbeddedPage> sample_pages();

namespace {

constexpr std::string_view kScript = "assets/app-Ab12Cd34.js";

std::string file(std::string_view path) {
  std::ifstream in(TOCSIN_SOURCE_DIR "/src/api/sample_pages/" + std::string(path),
                   std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string header_of(const ApiResponse& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, &NamedValue::first);
  return found == response.headers.end() ? "" : found->second;
}

ApiRequest asking(std::vector<NamedValue> headers) {
  return {.method = "GET", .headers = std::move(headers), .request_id = "r1"};
}

// The whole chain: file, gzip, assembler, linker, answer, and back to the file.
TEST(Pages, AreTheFilesOfTheFolder) {
  ASSERT_EQ(sample_pages().size(), 3U);
  for (const EmbeddedPage& page : sample_pages()) {
    const ApiResponse zipped =
        page_answer(sample_pages(), page.path, asking({{"accept-encoding", "br, gzip"}}));
    EXPECT_EQ(zipped.status, 200);
    EXPECT_EQ(header_of(zipped, "Content-Encoding"), "gzip");
    EXPECT_EQ(unzip(zipped.body, page.bytes), file(page.path));
    const ApiResponse plain = page_answer(sample_pages(), page.path, asking({}));
    EXPECT_EQ(plain.body, file(page.path));
    EXPECT_EQ(header_of(plain, "Content-Encoding"), "");
    EXPECT_NE(header_of(plain, "ETag"), header_of(zipped, "ETag"))
        << "a cache must tell the two forms apart";
    EXPECT_EQ(header_of(plain, "Vary"), "Accept-Encoding");
  }
}

// The link of a notice leads to the incident in the pages, also where a proxy shows the server
// under a path: https://x/tocsin/incidents/1 and ../#/incidents/1 give
// https://x/tocsin/#/incidents/1.
TEST(Pages, LinkOfANoticeLeadsToTheIncident) {
  ApiRequest request = asking({});
  request.captures = {"019aa5c8-9b2a"};
  const ApiResponse answer = incident_link_answer(sample_pages(), request);
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(header_of(answer, "Location"), "../#/incidents/019aa5c8-9b2a");
  request.captures = {"x\r\nSet-Cookie: a/../b"};
  EXPECT_EQ(header_of(incident_link_answer(sample_pages(), request), "Location"),
            "../#/incidents/x%0D%0ASet-Cookie%3A%20a%2F..%2Fb");
  const ApiResponse without = incident_link_answer({}, request);
  EXPECT_EQ(without.status, 404);
  EXPECT_NE(without.body.find("/api/v1/incidents/x%0D"), std::string::npos) << without.body;
}

// A hashed name may be kept for ever; anything else is asked for again, or an update would show old
// pages.
TEST(Pages, OnlyHashedNamesAreKeptForEver) {
  const auto cache_of = [](std::string_view path) {
    return header_of(page_answer(sample_pages(), path, asking({})), "Cache-Control");
  };
  EXPECT_EQ(cache_of(kScript), "public, max-age=31536000, immutable");
  EXPECT_EQ(cache_of("assets/plain.css"), "no-cache");
  EXPECT_EQ(cache_of("index.html"), "no-cache");
  EXPECT_TRUE(has_hashed_name("assets/uplot.B4k_9x-Z.css"));
  for (const char* no : {"assets/my-component.js", "assets/Ab12Cd34.js", "assets/a-Ab12Cd3.js",
                         "assets/a-Ab12Cd34", "x", ""}) {
    EXPECT_FALSE(has_hashed_name(no)) << no;
  }
}

TEST(Pages, KnownContentIs304WithItsNames) {
  const std::vector<NamedValue> gzip = {{"accept-encoding", "gzip"}};
  const std::string etag =
      header_of(page_answer(sample_pages(), "index.html", asking(gzip)), "ETag");
  ApiRequest again = asking(gzip);
  again.headers.emplace_back("if-none-match", "\"other\", W/" + etag);
  const ApiResponse known = page_answer(sample_pages(), "index.html", again);
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(header_of(known, "ETag"), etag);
  again.headers.back().second = "\"other\"";
  EXPECT_EQ(page_answer(sample_pages(), "index.html", again).status, 200);
}

// The page's own policy, not the API's that forbids everything.
TEST(Pages, CarryTheirPolicy) {
  const ApiResponse page = root_answer(sample_pages(), asking({}));
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  const std::string policy = header_of(page, "Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

TEST(Pages, NothingElseIsServed) {
  for (const char* path : {"assets/nothing.js", "assets/", "assets/../index.html", "monitors"}) {
    const ApiResponse response = page_answer(sample_pages(), path, asking({}));
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.content_type, "application/problem+json");
  }
}

TEST(Pages, AProgramWithoutThemSaysSo) {
  const ApiResponse response = root_answer({}, asking({}));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find("built without its web pages"), std::string::npos);
}

// Bytes that are not what the build promised must not be sent, nor grow without end.
TEST(Pages, UnzipGivesExactlyWhatWasPromised) {
  const auto page = std::ranges::find(sample_pages(), kScript, &EmbeddedPage::path);
  ASSERT_NE(page, sample_pages().end());
  EXPECT_TRUE(unzip(page->gzip, page->bytes));
  EXPECT_FALSE(unzip(page->gzip, page->bytes - 1));
  EXPECT_FALSE(unzip(page->gzip, page->bytes + 1));
  EXPECT_FALSE(unzip(page->gzip.substr(0, page->gzip.size() / 2), page->bytes));
  EXPECT_FALSE(unzip("not gzip", 3));
  EXPECT_FALSE(unzip(page->gzip, kPageBytesMax + 1));
}

}  // namespace
}  // namespace tocsin
