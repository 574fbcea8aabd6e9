// GET openapi.json: the API's description, made once and kept with its zipped form. GET /api/docs:
// the page that shows it; GET docs leads there.
#include <fmt/format.h>

#include "api/handlers.h"
#include "api/header_list.h"
#include "api/openapi/document.h"
#include "api/pages.h"
#include "api/services.h"
#include "base/ids.h"

namespace tocsin {
namespace {

constexpr std::string_view kDocsPage = "api/docs.html";

ApiDocument make_document(std::string_view version) {
  std::string text = openapi_document(version);
  std::string zipped = zip(text);
  const std::string hash = fmt::format("{:016x}", stable_hash(text));
  return {.text = std::move(text), .gzip = std::move(zipped), .hash = hash};
}

}  // namespace

void get_openapi(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  if (!api.document) {
    api.document = make_document(api.services.version);
  }
  const ApiDocument& document = *api.document;
  const bool as_gzip = !document.gzip.empty() && accepts_gzip(request.header("accept-encoding"));
  const std::string etag = fmt::format("\"{}{}\"", document.hash, as_gzip ? "-gz" : "");
  ApiResponse answer{
      .headers = {{"Cache-Control", "no-cache"}, {"ETag", etag}, {"Vary", "Accept-Encoding"}}};
  if (names_etag(request.header("if-none-match"), etag)) {
    answer.status = 304;
  } else {
    answer.body = as_gzip ? document.gzip : document.text;
    if (as_gzip) {
      answer.headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  respond(std::move(answer));
}

void get_api_docs(ApiContext&, const ApiRequest& request, const Respond& respond) {
  respond(page_answer(embedded_pages(), kDocsPage, request));
}

void get_api_docs_file(ApiContext&, const ApiRequest& request, const Respond& respond) {
  respond(page_answer(embedded_pages(), "api/docs/" + request.captures.at(0), request));
}

// A relative address holds behind a proxy that serves us below a path of its own.
void get_docs(ApiContext&, const ApiRequest&, const Respond& respond) {
  respond({.status = 302, .headers = {{"Location", "../docs"}}, .content_type = "text/plain"});
}

}  // namespace tocsin
