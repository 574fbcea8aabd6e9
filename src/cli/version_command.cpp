#include "cli/version_command.h"

#include <ostream>

namespace tocsin::cli {

CommandSpec version_command() {
  return {
      .name = "version",
      .summary = "Print the version.",
      .examples = {{"tocsin version"}},
      .run =
          [](const Arguments&, Shell& shell) {
            shell.out << "tocsin " TOCSIN_VERSION "\n";
            return ExitCode::ok;
          },
  };
}

}  // namespace tocsin::cli
