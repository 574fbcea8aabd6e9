#include "api/error_page.h"

#include <fmt/format.h>

#include "api/handlers.h"
#include "base/error_code.h"
#include "notify/email/html.h"

namespace tocsin {
namespace {

std::string_view side_words(ErrorSide side) {
  switch (side) {
    case ErrorSide::network:
      return "the network or the host";
    case ErrorSide::service:
      return "the service";
    case ErrorSide::ours:
      return "this server, so the verdict is unknown";
  }
  return "";
}

std::string section_of(const ErrorInfo& error) {
  const std::string name = html_escape(error.name);
  return fmt::format(
      "<h2 id=\"{}\">{}</h2>\n<p>{}</p>\n<ul>\n<li>Phase <code>{}</code>; whose trouble: {}.</li>\n"
      "<li>Try: {}</li>\n</ul>\n",
      name, name, html_escape(error.sentence), phase_name(error.phase), side_words(error.side),
      html_escape(error.hint));
}

}  // namespace

std::string error_page() {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Errors · Tocsin</title>\n"
      "</head>\n<body>\n<h1>Errors</h1>\n"
      "<p>Each failure of a check has a name. Names are never changed and never reused.</p>\n";
  for (const ErrorInfo& error : error_table()) {
    page += section_of(error);
  }
  return page + "</body>\n</html>\n";
}

void get_error_page(ApiContext&, const ApiRequest&, const Respond& respond) {
  respond({.content_type = "text/html; charset=utf-8", .body = error_page()});
}

}  // namespace tocsin
