tocsin_tests(cli_tests
  SOURCES
    src/cli/command_tree_test.cpp
    src/cli/openapi_command_test.cpp
    src/cli/man_pages_test.cpp
    src/cli/parse_command_test.cpp
    src/cli/probe_command_test.cpp
    src/cli/probe_options_test.cpp
    src/cli/probe_output_test.cpp
    src/cli/probe_statistics_test.cpp
    src/cli/reload_command_test.cpp
    src/cli/run_cli_test.cpp
    src/cli/server_commands_test.cpp
    src/cli/setup_link_command_test.cpp
    src/cli/style_test.cpp
    src/cli/user_command_test.cpp
    src/cli/validate_test.cpp
  DEPENDS tocsin_cli)
