#include "api/error_page.h"

#include <fmt/format.h>

#include "api/handlers.h"
#include "base/bytes.h"
#include "base/error_code.h"
#include "notify/digest.h"
#include "notify/email/html.h"

namespace tocsin {
namespace {

// In the page itself, as it is also there in a program without pages; the policy names its hash.
constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark}
body{max-width:80ch;margin:0 auto;padding:24px 16px;background:#f4f5f3;color:#161b1d;
font:.875rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h2{margin:0 0 8px;color:#0b5a66;font:600 1rem ui-monospace,monospace}
section{margin-top:12px;padding:16px;border:1px solid #d9ddda;border-radius:8px;background:#fff;
scroll-margin-top:16px}
section:target{border-color:#0d5661;box-shadow:inset 3px 0 0 #0d5661}
p{margin:0}
ul{margin:8px 0 0;padding-left:1.2em;color:#475156}
@media(prefers-color-scheme:dark){
body{background:#101415;color:#e9eeee}
h2{color:#6fd0db}
section{border-color:#2b3437;background:#171c1e}
section:target{border-color:#58c0cc;box-shadow:inset 3px 0 0 #58c0cc}
ul{color:#b3bfc2}
}
)";

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
      "<section id=\"{}\">\n<h2>{}</h2>\n<p>{}</p>\n<ul>\n"
      "<li>Phase <code>{}</code>; whose trouble: {}.</li>\n"
      "<li>Try: {}</li>\n</ul>\n</section>\n",
      name, name, html_escape(error.sentence), phase_name(error.phase), side_words(error.side),
      html_escape(error.hint));
}

}  // namespace

std::string error_page() {
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>Errors · Tocsin</title>\n<style>{}</style>\n"
      "</head>\n<body>\n<h1>Errors</h1>\n"
      "<p>Each failure of a check has a name. Names are never changed and never reused.</p>\n",
      kStyle);
  for (const ErrorInfo& error : error_table()) {
    page += section_of(error);
  }
  return page + "</body>\n</html>\n";
}

std::string error_page_policy() {
  return fmt::format("default-src 'none'; style-src 'sha256-{}'; frame-ancestors 'none'",
                     to_base64(from_hex(sha256_hex(kStyle)).value()));
}

void get_error_page(ApiContext&, const ApiRequest&, const Respond& respond) {
  respond({.headers = {{"Content-Security-Policy", error_page_policy()}},
           .content_type = "text/html; charset=utf-8",
           .body = error_page()});
}

}  // namespace tocsin
