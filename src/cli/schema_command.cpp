#include "cli/schema_command.h"

#include <ostream>

#include "config/schema.h"

namespace tocsin::cli {

CommandSpec schema_command() {
  return {
      .name = "schema",
      .summary = "Print the JSON Schema (draft 07) of configuration files, for editors.",
      .examples = {{"tocsin schema > tocsin.schema.json"}},
      .run =
          [](const Arguments&, Shell& shell) {
            const std::string schema = config_schema_json();
            shell.out << schema << (schema.ends_with('\n') ? "" : "\n");
            return ExitCode::ok;
          },
  };
}

}  // namespace tocsin::cli
