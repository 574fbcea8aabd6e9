// GET /incidents/{id}: where the link in a notice leads. The web pages have the incident behind a
// '#', which many mail programs and chats cut off; so notices link here and are sent on. The way is
// relative: it holds under whatever path a proxy shows this server.
#include <algorithm>

#include "api/handlers.h"
#include "api/pages.h"
#include "api/problem.h"
#include "api/url.h"

namespace tocsin {

ApiResponse incident_link_answer(std::span<const EmbeddedPage> pages, const ApiRequest& request) {
  const std::string id = percent_encode(request.captures.at(0));
  if (std::ranges::find(pages, "index.html", &EmbeddedPage::path) == pages.end()) {
    return problem_response(
        not_found("This server was built without its web pages. The incident is "
                  "at /api/v1/incidents/" +
                  id + "."),
        request.request_id);
  }
  return {.status = 302,
          .headers = {{"Location", "../#/incidents/" + id}},
          .content_type = "text/plain; charset=utf-8",
          .body = "The incident is at ../#/incidents/" + id + "\n"};
}

void get_incident_link(ApiContext&, const ApiRequest& request, const Respond& respond) {
  respond(incident_link_answer(embedded_pages(), request));
}

}  // namespace tocsin
