#include "api/pages.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "api/handlers.h"
#include "api/header_list.h"
#include "api/problem.h"

namespace tocsin {
namespace {

// Scripts, styles and connections of our own only, and nobody may frame us: what a page shows of a
// monitored service is text, and could not run if it were more.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";

Problem no_such_page() {
  return not_found("There is nothing at this path. The API begins at /api/v1.");
}

void add_page_headers(ApiResponse& response, const EmbeddedPage& page, std::string_view etag) {
  response.headers = {
      {"Content-Security-Policy", std::string(kPagePolicy)},
      {"Cache-Control", std::string(has_hashed_name(page.path) ? kForEver : "no-cache")},
      {"ETag", std::string(etag)},
      {"Vary", "Accept-Encoding"}};
}

}  // namespace

bool has_hashed_name(std::string_view path) {
  constexpr size_t kHashBytes = 8;
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot < kHashBytes + 1) {
    return false;
  }
  const char before = path[dot - kHashBytes - 1];
  const std::string_view hash = path.substr(dot - kHashBytes, kHashBytes);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto fits = [&](char c) {
    return is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  };
  const auto tells = [&](char c) { return is_digit(c) || is_capital(c); };
  return (before == '-' || before == '.') && std::ranges::all_of(hash, fits) &&
         std::ranges::any_of(hash, tells);
}

std::optional<std::string> unzip(std::string_view gzip, size_t bytes) {
  constexpr int kGzipFormat = 16 + MAX_WBITS;
  z_stream stream{};
  if (bytes > kPageBytesMax || inflateInit2(&stream, kGzipFormat) != Z_OK) {
    return std::nullopt;
  }
  std::string out(bytes, '\0');
  std::string in(gzip);  // zlib's pointers are not const
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = inflate(&stream, Z_FINISH);
  const bool is_whole = ended == Z_STREAM_END && stream.total_out == bytes;
  inflateEnd(&stream);
  return is_whole ? std::optional(std::move(out)) : std::nullopt;
}

std::string zip(std::string_view content) {
  constexpr int kGzipFormat = 16 + MAX_WBITS;
  constexpr int kMemoryLevel = 9;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipFormat, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string in(content);  // zlib's pointers are not const
  std::string out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool is_whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(is_whole ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

ApiResponse page_answer(std::span<const EmbeddedPage> pages, std::string_view path,
                        const ApiRequest& request) {
  const auto page = std::ranges::find(pages, path, &EmbeddedPage::path);
  if (page == pages.end()) {
    return problem_response(no_such_page(), request.request_id);
  }
  const bool as_gzip = accepts_gzip(request.header("accept-encoding"));
  // One name for each form: a cache must not take one for the other.
  const std::string etag = fmt::format("\"{}{}\"", page->hash, as_gzip ? "-gz" : "");
  ApiResponse response{.content_type = std::string(page->type)};
  add_page_headers(response, *page, etag);
  if (names_etag(request.header("if-none-match"), etag)) {
    response.status = 304;
    return response;
  }
  if (as_gzip) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = page->gzip;
    return response;
  }
  auto plain = unzip(page->gzip, page->bytes);
  if (!plain) {
    return problem_response(problem_of({ErrorKind::io, "This page is damaged in the program."}),
                            request.request_id);
  }
  response.body = std::move(*plain);
  return response;
}

ApiResponse root_answer(std::span<const EmbeddedPage> pages, const ApiRequest& request) {
  if (std::ranges::find(pages, "index.html", &EmbeddedPage::path) != pages.end()) {
    return page_answer(pages, "index.html", request);
  }
  return {.content_type = "text/plain; charset=utf-8",
          .body =
              "This is Tocsin, a TCP monitoring server. It was built without its web pages.\n"
              "API: /api/v1   health: /livez, /readyz?verbose   metrics: /metrics\n"};
}

void get_root(ApiContext&, const ApiRequest& request, const Respond& respond) {
  respond(root_answer(embedded_pages(), request));
}

void get_asset(ApiContext&, const ApiRequest& request, const Respond& respond) {
  respond(page_answer(embedded_pages(), "assets/" + request.captures.at(0), request));
}

}  // namespace tocsin
