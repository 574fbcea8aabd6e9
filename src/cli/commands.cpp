#include "cli/commands.h"

#include "cli/completion_command.h"
#include "cli/help_command.h"
#include "cli/man_command.h"
#include "cli/monitors_command.h"
#include "cli/openapi_command.h"
#include "cli/probe_command.h"
#include "cli/reload_command.h"
#include "cli/schema_command.h"
#include "cli/serve_command.h"
#include "cli/setup_link_command.h"
#include "cli/sweep_command.h"
#include "cli/token_command.h"
#include "cli/user_command.h"
#include "cli/validate_command.h"
#include "cli/version_command.h"

namespace tocsin::cli {

CommandSpec command_tree() {
  return {
      .name = "tocsin",
      .summary = "Watch TCP services and tell people when one fails.",
      .examples = {{"tocsin probe db.example.com:5432", "look once, from here"},
                   {"tocsin validate monitors.yaml", "check a configuration"},
                   {"tocsin serve --config monitors.yaml --data ./var", "watch, keep, tell"},
                   {"tocsin monitors list", "ask the running server"}},
      .commands = {probe_command(), sweep_command(), validate_command(), schema_command(),
                   openapi_command(), serve_command(), setup_link_command(), reload_command(),
                   monitors_command(), token_command(), user_command(), completion_command(),
                   man_command(), version_command(), help_command()},
      .notes =
          "Exit status: 0 success, 1 failed, 2 usage, 3 configuration invalid, 4 not logged in, "
          "5 not found, 7 server unreachable, 130 interrupted.",
  };
}

}  // namespace tocsin::cli
