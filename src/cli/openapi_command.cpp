#include "cli/openapi_command.h"

#include <ostream>

#include "api/openapi/document.h"

namespace tocsin::cli {

CommandSpec openapi_command() {
  return {
      .name = "openapi",
      .summary = "Print the description of the API (OpenAPI 3.1), for makers of clients.",
      .examples = {{"tocsin openapi > openapi.json"}},
      .run =
          [](const Arguments&, Shell& shell) {
            shell.out << openapi_document(TOCSIN_VERSION);
            return ExitCode::ok;
          },
  };
}

}  // namespace tocsin::cli
